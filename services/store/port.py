"""The port itself; ``services/store/store.py`` is its SQLAlchemy adapter."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol, Self

import msgspec

from processors.records import FeedHints
from services.store.people import People


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Somewhere that coverage comes from: a feed, a sitemap or a page."""

    id: str
    url: str
    name: str = ""
    added_at: datetime
    paused: bool = False
    checked_at: datetime | None = None
    """When a crawl last looked at it."""
    note: str = ""
    """What came of that look, in words: ``12 entries`` or the reason of a failure."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One address of the frontier: what is known of it and what became of it."""

    url: str
    source: str
    hints: FeedHints | None = None
    etag: str = ""
    last_modified: str = ""
    content_hash: str = ""
    fetched_at: datetime | None = None
    """When its bytes were last published; None: never."""
    outcome: str = ""
    """What came of the last look; empty: still to be fetched."""


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """One event's end in one stage."""

    stage: str
    topic: str
    partition: int
    offset: int
    event_id: str
    outcome: str
    reason: str = ""
    at: datetime


class Store(People, Protocol):
    """Small shared state, in transactions; used by several processes at once."""

    # Sources
    def put_source(self, source: Source) -> None:
        """Add or replace by id."""

    def sources(self) -> list[Source]:
        """All sources by id."""

    def remove_source(self, source_id: str) -> bool:
        """False when there is no such source."""

    # The frontier: what a killed crawl neither repeats nor forgets
    def discover(self, listing: Target, found: Sequence[Target]) -> None:
        """In one transaction: note a listing (feed, sitemap) as fetched, and what it lists.

        A link that is known keeps its validators; its hints are replaced. Links of this listing
        that are no longer named stay known and are no longer looked at.
        """

    def targets(self, listing_url: str) -> list[Target]:
        """The links that this listing named last, in its order."""

    def target(self, url: str) -> Target | None: ...

    def note_fetch(self, target: Target) -> None:
        """Add or replace one address by URL with its validators and outcome."""

    def fetch_outcomes(self) -> dict[str, int]:
        """How many addresses ended in which outcome; ``pending`` for those without one."""

    # Outcomes: one row an event and stage, written by the stage runner alone
    def finish(self, ends: Iterable[Finished]) -> None:
        """Note ends; noting the same event and stage again replaces the row."""

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Stage to outcome to count."""

    # Stories: an article and its near-copies
    def join_story(self, article_id: str, published: datetime, bands: Collection[int]) -> str:
        """Bring an article to the story of its near-copies, or begin one; the story's id.

        ``bands`` are the signed 64-bit band hashes of the article's fingerprint. Articles that
        share one tell one story, and so do all that are linked by others in this way, however
        many processes join them at the same time. When an article links two stories, they
        become that of the earliest copy. The same article may be joined again: its new bands
        take the place of the old ones, but it stays in its story.
        """

    def copies(self, article_id: str) -> list[str]:
        """All articles of this one's story, itself among them, in the order of publication.

        A story has the id of the article that began it, so that the id of a story, too, leads
        to its copies, also after it became part of another one.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
