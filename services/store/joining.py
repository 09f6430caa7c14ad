"""Which story each article of a batch tells, decided from what is known of the others."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from processors.stories import is_copy
from services.store.port import Copy

MOST_STORIES_A_BAND = 32
"""A band that so many stories have is one of a common phrase: it is noted of no more of them."""
MOST_CANDIDATES = 32
"""Stories that an article is compared with: see ``nearest``."""


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
    rows: Mapping[str, Row] = {}
    """The articles of the batch that joined before, by id."""
    shared: frozenset[str] = frozenset()
    """Their stories that others tell too."""
    bands: Mapping[int, Sequence[str]] = {}
    """Band to the stories that have it."""
    texts: Mapping[str, Sequence[Row]] = {}
    """Story to the article that began it and to its original."""


class Plan(msgspec.Struct, frozen=True):
    """What is to be written."""

    rows: tuple[Row, ...]
    bands: tuple[tuple[int, str], ...]
    moved: dict[str, str]
    """Stories that are no more, to those that they became."""


class Joining:
    """One article after the other comes to its story; nothing is read or written."""

    def __init__(self, known: Known) -> None:
        self._rows = dict(known.rows)
        self._shared = set(known.shared)
        self._bands = {band: list(stories) for band, stories in known.bands.items()}
        self._began: dict[str, Row] = {}
        self._first: dict[str, Row] = {}
        for story, texts in known.texts.items():
            self._first[story] = min(texts, key=lambda row: row.place)
            self._began.update((story, row) for row in texts if row.article_id == story)
        self._moved: dict[str, str] = {}
        self._changed: dict[str, None] = {}
        self._new_bands: list[tuple[int, str]] = []

    def add(self, copy: Copy) -> None:
        before = self._rows.get(copy.article_id)
        if before is not None and not _says_more(before, copy):
            return
        rewritten = before is None or before.signature != copy.signature
        story = self.story_of(before.story) if before else copy.article_id
        row = _row(copy, story)
        if rewritten and story not in self._shared:
            story = self._met(row, copy.bands, begun=before is not None)
            row = msgspec.structs.replace(row, story=story)
        self._note(row)
        if rewritten:
            self._note_bands(copy.bands, story)

    def plan(self) -> Plan:
        rows = (self._rows[article_id] for article_id in self._changed)
        return Plan(
            tuple(msgspec.structs.replace(row, story=self.story_of(row.story)) for row in rows),
            tuple(self._new_bands),
            {story: self.story_of(story) for story in self._moved},
        )

    def story_of(self, story: str) -> str:
        """What a story became."""
        while story in self._moved:
            story = self._moved[story]
        return story

    def _met(self, row: Row, bands: Sequence[int], *, begun: bool) -> str:
        """The story that an article tells whose own nobody else tells; those it links are one."""
        near = nearest(bands, self._bands, self.story_of)
        met = [story for story in near if self._is_told(story, row.signature)]
        if begun:
            self._first[row.story] = self._began[row.story] = row
            met = [row.story, *(story for story in met if story != row.story)]
        if not met:
            return row.story
        # The first of them by its original is the one that goes on.
        met.sort(key=lambda story: (self._first[story].published, story))
        for other in met[1:]:
            self._moved[other] = met[0]
            self._note_first(met[0], self._first[other])
        self._shared.add(met[0])
        return met[0]

    def _is_told(self, story: str, signature: bytes) -> bool:
        """By whoever has a text like the story's first, not by the copies of its copies.

        So a story stays what it was, however many copies of copies there are between.
        """
        began, first = self._began.get(story), self._first.get(story)
        texts = {row.signature for row in (began, first) if row is not None}
        return first is not None and any(is_copy(signature, text) for text in texts)

    def _note(self, row: Row) -> None:
        self._rows[row.article_id] = row
        self._changed[row.article_id] = None
        if row.article_id == row.story:
            self._began[row.story] = row
        self._note_first(row.story, row)

    def _note_first(self, story: str, row: Row) -> None:
        first = self._first.get(story)
        if first is None or first.article_id == row.article_id or row.place < first.place:
            self._first[story] = row

    def _note_bands(self, bands: Sequence[int], story: str) -> None:
        for band in dict.fromkeys(bands):
            stories = self._bands.setdefault(band, [])
            there = {self.story_of(each) for each in stories}
            if story not in there and len(stories) < MOST_STORIES_A_BAND:
                stories.append(story)
                self._new_bands.append((band, story))


def nearest(
    bands: Sequence[int],
    stories: Mapping[int, Sequence[str]],
    story_of: Callable[[str], str] = str,
) -> list[str]:
    """The stories that share most bands with an article; one that few have counts for more."""
    shared = Counter[str]()
    for band in set(bands):
        there = {story_of(story) for story in stories.get(band, ())}
        for story in sorted(there):
            shared[story] += 2 * MOST_STORIES_A_BAND // len(there)
    return [story for story, _ in shared.most_common(MOST_CANDIDATES)]


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
