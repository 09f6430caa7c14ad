"""One door to both trainings, and the figure that says how good they are."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
from spacy.language import Language

from processors.nlp.mood.accurate import FILE as ACCURATE_FILE
from processors.nlp.mood.accurate import SHAPES, AccurateMood, published
from processors.nlp.mood.fast import FastMood
from processors.nlp.mood.port import MoodModel, TargetContext
from processors.nlp.mood.registry import FAST, MoodError
from processors.nlp.mood.training import examples
from processors.nlp.mood.training.examples import Example, Labels, Tell
from processors.nlp.mood.training.own import own_examples
from processors.nlp.mood.weights import unpack
from processors.nlp.mood.words import Floats

LEAST = 3
"""Examples of each class without which nothing can be learned."""


class Sample(NamedTuple):
    """Labelled targets; folds are by text."""

    contexts: list[TargetContext]
    labels: Labels
    folds: Labels

    def only(self, which: Labels) -> "Sample":
        """Those at the places ``which``."""
        contexts = [self.contexts[at] for at in which.tolist()]
        return Sample(contexts, self.labels[which], self.folds[which])


def sample_of(nlp: Language, found: Sequence[Example]) -> Sample:
    """Read the texts of examples; ``nlp`` gives its tokenizer and vectors."""
    return Sample(
        examples.contexts_of(nlp, found), examples.labels_of(found), examples.folds_of(found)
    )


def check_ready() -> None:
    """Raise MoodError unless what training needs is installed."""
    if find_spec("jax") is None or find_spec("scipy") is None:
        raise MoodError("training needs an extra; install it: pip install 'beatwire[train]'")


class Training(NamedTuple):
    """How a model is trained. The same input gives the same bytes on one kind of machine."""

    kind: str
    """``fast`` or ``accurate``."""
    own: Sample
    """Our own sentences, which the fast model learns beside its user's."""
    seed: int
    teacher: MoodModel | None = None
    """Helps the fast model; see ``teacher.py``."""

    def train(self, sample: Sample, tell: Tell) -> bytes:
        """A file of weights.

        Raises MoodError when an extra is missing, or a class has fewer than ``LEAST`` examples.
        """
        check_ready()
        if min(np.bincount(sample.labels, minlength=3)) < LEAST:
            raise MoodError(f"training needs at least {LEAST} examples of each polarity")
        if self.kind != FAST:
            from processors.nlp.mood.training.accurate import train_accurate

            return train_accurate(sample.contexts, sample.labels, self.seed, tell)
        from processors.nlp.mood.training.fast import train_fast

        user, own = sample[:2], self.own[:2]
        return train_fast(user, own, seed=self.seed, tell=tell, teacher=self.teacher)

    def cross_validated(self, sample: Sample, tell: Tell) -> float:
        """Macro-F1 of answers to each fold by a model that was trained on the others.

        Without the teacher, which may have seen them all. Raises MoodError as ``train``.
        """
        answers = np.zeros_like(sample.labels)
        numbers = np.unique(sample.folds).tolist()
        for at, number in enumerate(numbers, 1):

            def told(step: str, done: float, at: int = at) -> None:
                tell(f"fold {at} of {len(numbers)}: {step}", done)

            rest = sample.only(np.flatnonzero(sample.folds != number))
            data = self._replace(teacher=None).train(rest, told)
            asked = np.flatnonzero(sample.folds == number)
            chances = model_of(self.kind, data)(sample.only(asked).contexts)
            answers[asked] = chances.argmax(axis=1)
        return examples.macro_f1(sample.labels, answers)


def training(nlp: Language, kind: str, seed: int, teacher: MoodModel | None = None) -> Training:
    """A training with our own sentences, which ``nlp`` reads."""
    return Training(kind, sample_of(nlp, own_examples()), seed, teacher)


def model_of(kind: str, data: bytes) -> Callable[[Sequence[TargetContext]], Floats]:
    """What answers with the weights of a file. Raises MoodError when it cannot be used."""
    if kind == FAST:
        return FastMood(data).chances
    return AccurateMood(unpack(data, SHAPES, ACCURATE_FILE), published()).chances
