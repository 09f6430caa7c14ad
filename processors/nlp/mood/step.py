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
from processors.records import Mood, Span

FACTORY = "beatwire-mood"
type Places = dict[str, dict[int, TargetContext]]


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
        named = [_named(doc) for doc in docs]
        contexts = [c for places in named for by in places.values() for c in by.values()]
        felt = iter(self._named.score(contexts))
        targets = [[context_of(doc, t.start, t.end) for t in doc._.targets or ()] for doc in docs]
        asked = iter(self._model.score([context for group in targets for context in group]))
        for doc, places in zip(docs, named, strict=True):
            doc._.moods = list(_moods(places, felt))
            doc._.target_moods = [_answer(t, next(asked)) for t in doc._.targets or ()]


def _named(doc: Doc) -> Places:
    """Each entity's sentences, by their first token, with the first place that means it there.

    A name goes before a pronoun or an epithet. Sorted, so that nothing hangs on the order found.
    """
    found: Places = {}
    for group in (doc._.mentions or (), doc._.references or ()):
        for each in sorted(group, key=lambda one: (one.start, one.end)):
            context = context_of(doc, each.start, each.end)
            found.setdefault(each.entity_id, {}).setdefault(context.first, context)
    return {entity: found[entity] for entity in sorted(found)}


def context_of(doc: Doc, start: int, end: int) -> TargetContext:
    """The target that characters touch, in its sentence.

    Raises ValueError when they lie outside of the text.
    """
    span = doc.char_span(start, end, alignment_mode="expand")
    if not span:
        raise ValueError(f"{start}:{end} is not a stretch of a text of {len(doc.text)} characters")
    sentence = span[:1].sent
    return TargetContext(doc, sentence.start, sentence.end, span.start, min(span.end, sentence.end))


def _moods(places: Places, felt: Iterator[Feeling]) -> Iterator[Mood]:
    for entity, by_sentence in places.items():
        feelings = {_place(context): next(felt) for context in by_sentence.values()}
        if mood := mood_of(entity, feelings):
            yield mood


def _place(context: TargetContext) -> Span:
    at = context.doc[context.first].idx
    return Span(start=at, end=at + len(context.text.rstrip()))


def _answer(target: Span, felt: Feeling) -> TargetMood:
    return TargetMood(target.start, target.end, felt.polarity, round(felt.score, 3))
