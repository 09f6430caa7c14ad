"""What a crawl works on: a source, and an address of the frontier."""

from datetime import datetime

import msgspec

from processors.records import FeedHints


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
    kind: str = ""
    """What publishes it, as the catalogue has it (``lab``, ``trade``, ``regulator``); or empty."""
    language: str = ""
    """Two letters; empty: not told."""
    home: str = ""
    """The publisher's own page, for people."""
    every: float | None = None
    """Seconds between two articles, as far as it is known before any were seen."""
    priority: int = 0
    """A source of a higher one is looked at first when several are due."""


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
