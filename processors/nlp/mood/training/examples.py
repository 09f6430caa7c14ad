"""Labelled targets, and what training and its figures share."""

import hashlib
from collections.abc import Callable, Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from spacy.language import Language

from processors.nlp.mood.port import NAMES, TargetContext
from processors.nlp.mood.registry import MoodError
from processors.nlp.mood.targets import Places
from processors.nlp.mood.words import Floats
from processors.nlp.sentences import split_sentences
from processors.records import Polarity

FOLDS = 5
type Labels = NDArray[np.int64]
type Labelled = tuple[Sequence[TargetContext], Labels]
type Tell = Callable[[str, float], None]
"""Is told a step's name and how much of it is done, from 0 to 1."""


class Example(msgspec.Struct, frozen=True):
    """A line of training data; ``start`` and ``end`` are characters of ``text``, end exclusive."""

    text: str
    start: int
    end: int
    polarity: Polarity


def parse_examples(lines: Iterable[bytes]) -> list[Example]:
    """Read JSON lines; further fields are ignored.

    Raises MoodError, with the number of the line, at the first that cannot be used.
    """
    decoder = msgspec.json.Decoder(Example)
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            example = decoder.decode(line)
        except (ValueError, RecursionError) as error:
            raise MoodError(f"line {number}: {error}") from error
        if not 0 <= example.start < example.end <= len(example.text):
            size = len(example.text)
            raise MoodError(
                f"line {number}: {example.start}:{example.end} is no stretch of {size} characters"
            )
        found.append(example)
    return found


def contexts_of(nlp: Language, examples: Sequence[Example]) -> list[TargetContext]:
    """Each target in its sentence; a text is read once."""
    texts = dict.fromkeys(example.text for example in examples)
    places = {text: Places(split_sentences(nlp.make_doc(text))) for text in texts}
    return [places[example.text].context(example.start, example.end) for example in examples]


def labels_of(examples: Sequence[Example]) -> Labels:
    """The class of each, as its place in ``NAMES``."""
    return np.array([NAMES.index(example.polarity) for example in examples])


def chances_of(labels: Labels, smooth: float) -> Floats:
    """Labels as chances, with ``smooth`` of each spread over all classes."""
    return np.eye(3, dtype=np.float32)[labels] * (1 - smooth) + np.float32(smooth / 3)


def folds_of(examples: Sequence[Example]) -> Labels:
    """A number below ``FOLDS`` for each, by its text alone: targets of a text stay together."""
    digests = (hashlib.sha256(e.text.encode("utf-8", "surrogatepass")) for e in examples)
    return np.array([int(digest.hexdigest(), 16) % FOLDS for digest in digests])


def macro_f1(labels: Labels, answers: Labels) -> float:
    """The mean over the classes that occur of F1."""
    scores = []
    for each in np.unique(np.concatenate([labels, answers])):
        right = int(((labels == each) & (answers == each)).sum())
        scores.append(2 * right / (int((labels == each).sum()) + int((answers == each).sum())))
    return float(np.mean(scores))
