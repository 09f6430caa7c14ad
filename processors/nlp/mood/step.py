"""The pipeline's step: asks a model about the names of a text and about the caller's targets."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched

from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp.annotations import TargetMood
from processors.nlp.components import declare
from processors.nlp.mood.aggregate import mood_of
from processors.nlp.mood.cascade import Cascade
from processors.nlp.mood.port import Feeling, MoodModel, TargetContext
from processors.nlp.mood.registry import FAST, open_mood
from processors.nlp.mood.targets import Places
from processors.records import Mood, Span

FACTORY = "beatwire-mood"
type Named = dict[str, dict[int, TargetContext]]
"""Entities to sentences, by their first tokens, to the place that means the entity there."""


def add_mood(nlp: Language, name: str = FAST) -> None:
    """Put the step with the model ``name`` at the end of a pipeline, under the model's version.

    Raises MoodError as ``open_mood``.
    """
    version = open_mood(name).version
    declare(version, needs=("mentions", "references"), gives=("moods", "target_moods"))
    nlp.add_pipe(FACTORY, name=version, config={"model": name})


@Language.factory(FACTORY, default_config={"model": FAST})
def make_mood(nlp: Language, name: str, model: str) -> "MoodStep":  # noqa: ARG001 - spaCy's form
    """The step for spaCy; ``model`` is a name that ``open_mood`` knows."""
    asked, quick = open_mood(model), open_mood(FAST)
    return MoodStep(asked, asked if asked is quick else Cascade(quick, asked))


class MoodStep:
    """Sets ``doc._.moods`` by the model ``named``, ``doc._.target_moods`` by ``model``."""

    def __init__(self, model: MoodModel, named: MoodModel) -> None:
        self._model = model
        self._named = named

    def __call__(self, doc: Doc) -> Doc:
        self._feel([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int) -> Iterator[Doc]:
        """The texts of a batch are asked about together, which is quicker, and answers the same."""
        for docs in batched(stream, batch_size):
            self._feel(docs)
            yield from docs

    def _feel(self, docs: Sequence[Doc]) -> None:
        places = [Places(doc) for doc in docs]
        named = [_named(doc, at) for doc, at in zip(docs, places, strict=True)]
        contexts = [c for found in named for by in found.values() for c in by.values()]
        felt = iter(self._named.score(contexts))
        targets = [
            at.context(target.start, target.end)
            for doc, at in zip(docs, places, strict=True)
            for target in doc._.targets or ()
        ]
        asked = iter(self._model.score(targets))
        for doc, at, found in zip(docs, places, named, strict=True):
            doc._.moods = list(_moods(found, at, felt))
            doc._.target_moods = [_answer(t, next(asked)) for t in doc._.targets or ()]


def _named(doc: Doc, places: Places) -> Named:
    """Each entity's sentences, with the first place that means it in each.

    A name goes before a pronoun or an epithet. Sorted, so that nothing hangs on the order found.
    """
    found: Named = {}
    for group in (doc._.mentions or (), doc._.references or ()):
        for each in sorted(group, key=lambda one: (one.start, one.end)):
            context = places.context(each.start, each.end)
            found.setdefault(each.entity_id, {}).setdefault(context.first, context)
    return {entity: found[entity] for entity in sorted(found)}


def _moods(named: Named, places: Places, felt: Iterator[Feeling]) -> Iterator[Mood]:
    for entity, by_sentence in named.items():
        feelings = {places.sentence(context): next(felt) for context in by_sentence.values()}
        if mood := mood_of(entity, feelings):
            yield mood


def _answer(target: Span, felt: Feeling) -> TargetMood:
    return TargetMood(target.start, target.end, felt.polarity, round(felt.score, 3))
