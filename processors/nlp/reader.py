"""Texts in, what they say out: the one door to the pipeline for stages and commands."""

import gc
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp.annotations import Mention, Reference, TargetMood
from processors.nlp.claims import VERSION as CLAIMS
from processors.nlp.claims import ClaimsStep, SentenceNote
from processors.nlp.mood.registry import FAST
from processors.nlp.pipeline import build_pipeline, made_by
from processors.nlp.vocabulary import renew
from processors.records import Claim, Entity, Mood, Span

MAX_CHARACTERS = 1_000_000
_LONE = re.compile("[\ud800-\udfff]")
"""Halves of characters: they have no bytes, so that spaCy fails on them."""
BATCH_CHARACTERS = 50_000
"""A batch ends after this much text: bounds the memory that one zone holds."""

__all__ = [
    "MAX_CHARACTERS",
    "Reader",
    "Reading",
    "SentenceNote",
    "TargetMood",
    "Text",
    "load_reader",
]


class Text(msgspec.Struct, frozen=True):
    """What is to be read. The title gives context; every offset is of the body."""

    body: str
    title: str = ""
    published: datetime | None = None
    targets: tuple[Span, ...] = ()
    """Stretches of the body whose own sentiment is asked for."""


class Reading(msgspec.Struct, frozen=True):
    """What one text says, with the components that found it."""

    entities: tuple[Entity, ...] = ()
    """Sorted by first mention; an id stands once."""
    claims: tuple[Claim, ...] = ()
    moods: tuple[Mood, ...] = ()
    targets: tuple[TargetMood, ...] = ()
    """One for each of ``Text.targets``, in their order."""
    made_by: dict[str, str] = {}


class Reader:
    """Reads texts with one loaded pipeline. One thread at a time."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self.made_by = made_by(nlp)
        """Component name to version."""

    def read(self, texts: Sequence[Text]) -> list[Reading]:
        """One reading a text, in order; the same text always gives the same reading.

        Raises:
            ValueError: a body is longer than ``MAX_CHARACTERS``.
        """
        for text in texts:
            _check_length(text)
        readings: list[Reading] = []
        for batch in _batches(texts):
            readings += self._read(batch)
            renew(self._nlp)
        return readings

    def explain(self, text: Text) -> list[SentenceNote]:
        """Each sentence with its names and figures, and why each figure is a claim or none.

        Raises:
            ValueError: as ``read``.
        """
        _check_length(text)
        step: ClaimsStep = self._nlp.get_pipe(CLAIMS)  # type: ignore[assignment]
        with self._nlp.memory_zone():
            return step.explain(self._nlp(self._prepared(text)))

    def _read(self, batch: Sequence[Text]) -> list[Reading]:
        with self._nlp.memory_zone():
            docs = ((self._prepared(text), text) for text in batch)
            pairs = self._nlp.pipe(docs, as_tuples=True, batch_size=len(batch))
            return [self._reading(doc) for doc, _ in pairs]

    def _prepared(self, text: Text) -> Doc:
        doc = self._nlp.make_doc(_LONE.sub("\ufffd", text.body))
        doc._.published = text.published
        doc._.title = _LONE.sub("\ufffd", text.title)
        doc._.targets = text.targets
        return doc

    def _reading(self, doc: Doc) -> Reading:
        return Reading(
            entities=gather(doc._.mentions or (), doc._.references or ()),
            claims=tuple(doc._.claims or ()),
            moods=tuple(doc._.moods or ()),
            targets=tuple(doc._.target_moods or ()),
            made_by=self.made_by,
        )


def load_reader(gazetteer: Path | None = None, *, mood: str = FAST) -> Reader:
    """Load the model and the names; takes seconds, so once a process. ``mood`` is a model's name.

    What is loaded stays as long as the process, so the collector of garbage leaves it out from then
    on: to look through it took a tenth of the time of reading.

    Raises:
        MoodError: the model of mood cannot be used.
        ValueError: ``gazetteer``, the user's own file of names, has a bad line (told by number).
        OSError: it cannot be read.
    """
    reader = Reader(build_pipeline(gazetteer, mood=mood))
    gc.collect()
    gc.freeze()
    return reader


def gather(mentions: Sequence[Mention], references: Sequence[Reference]) -> tuple[Entity, ...]:
    """One record an entity id, in the order of their first mentions."""
    spans: dict[str, list[Span]] = {}
    heads: dict[str, Mention] = {}
    for mention in sorted(mentions, key=lambda found: found.start):
        heads.setdefault(mention.entity_id, mention)
        spans.setdefault(mention.entity_id, []).append(Span(start=mention.start, end=mention.end))
    standing: dict[str, list[Span]] = {name: [] for name in heads}
    for reference in sorted(references, key=lambda found: (found.start, found.end)):
        if reference.entity_id in standing:
            standing[reference.entity_id].append(Span(start=reference.start, end=reference.end))
    return tuple(
        Entity(
            id=name,
            name=head.name,
            type=head.type,
            mentions=tuple(spans[name]),
            references=tuple(standing[name]),
        )
        for name, head in heads.items()
    )


def _check_length(text: Text) -> None:
    if len(text.body) > MAX_CHARACTERS:
        size = len(text.body)
        raise ValueError(f"text of {size:,} characters is longer than {MAX_CHARACTERS:,}")


def _batches(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    start = size = 0
    for index, text in enumerate(texts):
        if size and size + len(text.body) > BATCH_CHARACTERS:
            yield texts[start:index]
            start, size = index, 0
        size += len(text.body)
    if start < len(texts):
        yield texts[start:]
