"""What a look at the whole shows, for the page and for programs. Times have a zone."""

from datetime import datetime
from typing import Literal

import msgspec

from services.doctor import State
from services.store.watching import State as SourceState

StageState = Literal["idle", "works", "waits", "stands", "unknown"]
"""idle     nothing waits
works    something waits, and something came to its end of late
waits    something waits, not for long, or history that waits for live news
stands   something has waited for two minutes in which nothing came to its end
unknown  how much waits is not known
"""


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: what waits for it, what it gets done, how it is."""

    stage: str
    waiting: int | None
    """Events (of ``crawl`` addresses, of ``deliver`` messages) whose turn it is; None: not
    known."""
    lag_seconds: float | None
    """Age of the oldest of them; None where nothing waits, or it is not known."""
    rate_5m: float | None
    """Ends a minute over the last 5 minutes; None: not known."""
    rate_60m: float | None
    outcomes: dict[str, int] | None
    """How many ended how in the last day; None: not known."""
    last_progress: datetime | None
    """When the last one ended; None: none did in the last day, or it is not known."""
    state: StageState
    says: str
    """The state in words."""
    remedy: str
    """What to do about a stage that stands; empty for others."""


class LetterGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Dead letters of one stage and one class of error that are open, or being retried."""

    stage: str
    error_class: str
    letters: int
    under_way: int
    """Those of them that are being retried, or whose retry was killed."""
    newest: datetime | None
    reasons: tuple[str, ...]
    """Of the newest ones, each once."""


class DeadLetters(msgspec.Struct, frozen=True, kw_only=True):
    """Dead letters, and what became of them."""

    states: dict[str, int]
    """``open``, ``retrying``, ``retried``, ``dropped`` to number."""
    groups: tuple[LetterGroup, ...]
    """The largest first."""
    more: int
    """Groups that are not among them."""


class TroubledSource(msgspec.Struct, frozen=True, kw_only=True):
    """A source that somebody should look at."""

    id: str
    name: str
    state: SourceState
    since: datetime | None
    reason: str


class SourcesLook(msgspec.Struct, frozen=True, kw_only=True):
    """How many sources are how, and those that are late, silent or gone."""

    states: dict[str, int]
    troubled: tuple[TroubledSource, ...]
    more: int
    """Troubled sources that are not among them."""


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """How long it took from the fetch of a page until its article could be searched."""

    articles: int
    """Articles that came into the index in the last hour."""
    p50_seconds: int | None
    """So long, or less, for half of them; None when there were none."""
    p95_seconds: int | None


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """Something that runs, and its version."""

    name: str
    version: str
    last_seen: datetime | None
    """When a stage of this version last ended something; None: this process has it."""


class Disk(msgspec.Struct, frozen=True, kw_only=True):
    """The disk of the home folder, on the machine that serves the pages."""

    free_bytes: int
    total_bytes: int
    state: State
    says: str
    remedy: str


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A part that could not be looked at, so that what it tells is null or may be old."""

    part: str
    reason: str
    remedy: str


class Operations(msgspec.Struct, frozen=True, kw_only=True):
    """All that one look shows; each part fails alone."""

    looked_at: datetime
    stages: tuple[StageRow, ...]
    dead_letters: DeadLetters | None
    sources: SourcesLook | None
    freshness: Freshness | None
    components: tuple[Component, ...]
    disk: Disk | None
    missing: tuple[Missing, ...]
