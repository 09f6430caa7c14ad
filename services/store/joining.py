"""Which story each article of a batch tells, decided from what is known of the others."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from processors.stories import is_copy
from services.store.port import Copy

MOST_STORIES_A_BAND = 32
"""A band that so many stories have is one of a common phrase: it is noted of no more of them."""
MOST_CANDIDATES = 32
"""An article is compared with so many at most: see ``nearest``."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an article."""

    article_id: str
    story: str
    published: datetime
    seen: datetime
    signature: bytes

    @property
    def place(self) -> tuple[datetime, str]:
        """The first of a story in this order is its original."""
        return self.published, self.article_id


class Known(msgspec.Struct, frozen=True):
    """What the store knows that matters to a batch."""

    rows: Mapping[str, Row] = {}
    """Its articles that joined before, by id."""
    shared: frozenset[str] = frozenset()
    """Their stories that others tell too."""
    bands: Mapping[int, Sequence[str]] = {}
    """Band to the articles that began stories with it, maybe part of other stories by now."""
    began: Mapping[str, Row] = {}
    """Those articles by id, at least the ``nearest``; and those that began the stories of rows."""
    firsts: Mapping[str, Row] = {}
    """Story to its original, of all stories that these articles tell."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be written."""

    rows: tuple[Row, ...]
    bands: tuple[tuple[int, str], ...]
    moved: dict[str, str]
    """Stories that are no more, to those that they became."""
    firsts: dict[str, str]
    """Story to its original, of all that are known or written."""
    unsure: frozenset[str]
    """Stories whose original is no longer it, or may not be, and the next one is not known."""


class Joining:
    """One article after the other comes to its story; nothing is read or written."""

    def __init__(self, known: Known) -> None:
        self._rows = dict(known.rows)
        self._shared = set(known.shared)
        self._bands = {band: list(began) for band, began in known.bands.items()}
        self._began = dict(known.began)
        self._first = dict(known.firsts)
        self._moved: dict[str, str] = {}
        self._unsure: set[str] = set()
        self._changed: dict[str, None] = {}
        self._new_bands: list[tuple[int, str]] = []

    def add(self, copy: Copy) -> None:
        before = self._rows.get(copy.article_id)
        if before is not None and not _says_more(before, copy):
            return
        story = self.story_of(before.story) if before else copy.article_id
        row = _row(copy, story)
        if before is not None and before.signature == copy.signature:
            self._note(row)
            return
        like = story
        if story not in self._shared:
            met = self._met(row, copy.bands)
            like = met[0] if met else story
            row = msgspec.structs.replace(row, story=self._joined(row, met, alone=bool(before)))
        self._note(row)
        self._note_bands(copy.bands, like)

    def plan(self) -> Plan:
        rows = (self._rows[article_id] for article_id in self._changed)
        return Plan(
            tuple(msgspec.structs.replace(row, story=self.story_of(row.story)) for row in rows),
            tuple(self._new_bands),
            {story: self.story_of(story) for story in self._moved},
            {story: row.article_id for story, row in self._first.items()},
            frozenset(map(self.story_of, self._unsure)),
        )

    def story_of(self, story: str) -> str:
        """What a story became."""
        while story in self._moved:
            story = self._moved[story]
        return story

    def _met(self, row: Row, bands: Sequence[int]) -> list[str]:
        """The articles of whose stories a text is a copy: like the one that began it, or its first.

        Not like any copy of a copy: so a story stays what it was, however many are between.
        """
        return [
            began
            for began in nearest(bands, self._bands)
            if began in self._began
            and began != row.article_id
            and any(is_copy(row.signature, text) for text in self._texts(began))
        ]

    def _texts(self, began: str) -> set[bytes]:
        story = self.story_of(self._began[began].story)
        return {self._began[began].signature, self._first[story].signature}

    def _joined(self, row: Row, met: Sequence[str], *, alone: bool) -> str:
        """The one story that those become whom an article met, and its own if it has one."""
        stories = {self.story_of(self._began[began].story) for began in met}
        if alone:
            self._first[row.story] = row
            stories.add(row.story)
        if not stories:
            return row.story
        # The first of them by its original is the one that goes on.
        kept, *others = sorted(stories, key=lambda each: (self._first[each].published, each))
        for other in others:
            self._moved[other] = kept
            self._note_first(kept, self._first.pop(other))
        if met:
            self._shared.add(kept)
        return kept

    def _note(self, row: Row) -> None:
        self._rows[row.article_id] = row
        self._changed[row.article_id] = None
        if row.article_id == row.story or row.article_id in self._began:
            self._began[row.article_id] = row
        self._note_first(row.story, row)

    def _note_first(self, story: str, row: Row) -> None:
        first = self._first.get(story)
        if first is None or row.place < first.place:
            self._first[story] = row
        elif first.article_id == row.article_id:
            self._first[story] = row
            if first.place < row.place:
                self._unsure.add(story)

    def _note_bands(self, bands: Sequence[int], began: str) -> None:
        for band in dict.fromkeys(bands):
            there = self._bands.setdefault(band, [])
            if began not in there and len(there) < MOST_STORIES_A_BAND:
                there.append(began)
                self._new_bands.append((band, began))


def nearest(bands: Iterable[int], began: Mapping[int, Sequence[str]]) -> list[str]:
    """Those that share most bands with an article; a band that few have counts for more."""
    shared = Counter[str]()
    for band in set(bands):
        for article_id in began.get(band, ()):
            shared[article_id] += MOST_STORIES_A_BAND // len(began[band])
    return sorted(shared, key=lambda each: (-shared[each], each))[:MOST_CANDIDATES]


def _says_more(before: Row, copy: Copy) -> bool:
    """Whether a join of an article that is known changes anything of it."""
    if copy.seen != before.seen:
        return copy.seen > before.seen
    return (copy.published, copy.signature) != (before.published, before.signature)


def _row(copy: Copy, story: str) -> Row:
    return Row(
        article_id=copy.article_id,
        story=story,
        published=copy.published,
        seen=copy.seen,
        signature=copy.signature,
    )
