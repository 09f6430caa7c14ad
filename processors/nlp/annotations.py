"""What the components of the pipeline leave on a spaCy ``Doc``, each under ``doc._.NAME``.

Offsets are characters of ``doc.text``. Components read what earlier ones left and write their own
attribute once; ``pipeline.py`` gives the order. Nothing here outlives the memory zone: what a
``Doc`` refers to is copied into records before the zone ends.
"""

import msgspec
from spacy.tokens import Doc

from processors.records import EntityType, Polarity

ATTRIBUTES = (
    "parts",
    "published",
    "title",
    "targets",
    "mentions",
    "references",
    "quantities",
    "claims",
    "moods",
    "target_moods",
)


class Mention(msgspec.Struct, frozen=True):
    """A place where the text names an entity."""

    start: int
    end: int
    entity_id: str
    name: str
    """The canonical name: the gazetteer's, or the fullest form in this text."""
    type: EntityType
    how: str
    """``gazetteer``, ``shape`` (a model or chip known by its form) or ``model`` (spaCy's)."""


class Reference(msgspec.Struct, frozen=True):
    """A pronoun or definite phrase (``it``, ``his hedge fund``) and whom it means."""

    start: int
    end: int
    entity_id: str


class TargetMood(msgspec.Struct, frozen=True):
    """The sentiment towards one stretch of text that the caller asked about."""

    start: int
    end: int
    polarity: Polarity
    score: float


def register_attributes() -> None:
    """Declare the attributes above; calling it again changes nothing.

    ``doc._.published`` (datetime | None), ``doc._.title`` (str) and ``doc._.targets`` (the spans
    whose sentiment is asked for) are set by the caller before the pipeline runs; the others hold
    lists. ``doc._.target_moods`` answers ``targets`` in order; ``doc._.moods`` is per entity.
    """
    for name in ATTRIBUTES:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
