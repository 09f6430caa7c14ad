"""How a source is watched: when it is looked at next, its rhythm, and whether it is late or silent.

What a person says of a source is in ``Source``; what crawls saw of it is in its ``Watch``.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from services.store.places import Source

LATE_AFTER = timedelta(minutes=5)
"""Looks that fail for this long make a source late; a server may be away for a moment."""
OVERDUE_AFTER = timedelta(minutes=15)
"""A look that is due for this long and that nobody took makes a source late."""
SILENT_AFTER = 3.0
"""Nothing new for this many times the usual interval makes a source silent."""
SLOW = timedelta(hours=1)
SLOW_AT_LEAST = timedelta(hours=6)
"""A source that publishes once an hour or less is not silent before this."""
MOST_TIMES = 40
MOST_ENDS = 50

State = Literal["new", "fine", "late", "silent", "gone", "paused"]


class Watch(msgspec.Struct, frozen=True, kw_only=True):
    """What crawls saw of one source so far."""

    source: str
    next_look: datetime | None
    """None: it is not looked at any more, until somebody asks for it (``Store.make_due``)."""
    looked_at: datetime | None = None
    """When a look at it ended last, however it did."""
    news_at: datetime | None = None
    """When it last named something that was not known."""
    newest: datetime | None = None
    """The latest time that one of its entries gives, the future left out."""
    usual: float | None = None
    """Seconds between two articles: the median of those that it listed; None: too few so far."""
    times: tuple[datetime, ...] = ()
    """Times of its newest entries, newest first; at most ``MOST_TIMES``."""
    failing_since: datetime | None = None
    failures: int = 0
    """Looks in a row that failed."""
    gone: bool = False
    """Its server answered 410: it asks not to be asked again."""
    reason: str = ""
    """Of the failure, in words; or why the next look is when it is."""
    asked: float = 0.0
    """Seconds between two looks that the listing asked for when it was last read."""
    rest_hours: tuple[int, ...] = ()
    """Hours of the day, in UTC, in which it says that nothing changes."""
    rest_days: tuple[int, ...] = ()
    """Days of the week, 0 for Monday, in which it says that nothing changes."""
    ends: tuple[str, ...] = ()
    """How its last pages ended, newest first; at most ``MOST_ENDS``."""


class SourceState(msgspec.Struct, frozen=True, kw_only=True):
    """How a source is, for a person."""

    state: State
    since: datetime | None = None
    """Since when, where that says something: failing, overdue, nothing new."""
    usual_seconds: float | None = None
    """Between two of its articles: as measured, or as the catalogue has it."""
    reason: str = ""
    """In words; empty where the state says it all."""
    next_look: datetime | None = None


def usual_of(source: Source, watch: Watch | None) -> float | None:
    """Seconds between two articles: as seen, else as the catalogue says."""
    return (watch.usual if watch and watch.usual else None) or source.every


def state_of(source: Source, watch: Watch | None, now: datetime) -> SourceState:
    """Tell a source's state from what is stored; times in the future count as ``now``."""
    usual = usual_of(source, watch)
    if source.paused:
        return SourceState(state="paused", usual_seconds=usual)
    if watch is None:
        return SourceState(state="new", usual_seconds=usual, reason="not looked at yet")
    state, since, reason = _judge(watch, usual, now)
    return SourceState(
        state=state,
        since=since and min(since, now),
        usual_seconds=usual,
        reason=reason,
        next_look=watch.next_look,
    )


def _judge(watch: Watch, usual: float | None, now: datetime) -> tuple[State, datetime | None, str]:
    if watch.gone:
        return "gone", watch.failing_since, "the server says that it is gone for good (410)"
    if watch.failing_since and now - watch.failing_since >= LATE_AFTER:
        return "late", watch.failing_since, watch.reason
    if watch.next_look and now - watch.next_look >= OVERDUE_AFTER:
        return "late", watch.next_look, "no crawler has looked at it since"
    if watch.looked_at is None:
        return "new", None, "not looked at yet"
    last = last_news(watch)
    if usual and last and now - last >= silent_after(usual):
        return "silent", last, "nothing new for three times its usual interval"
    return "fine", None, ""


def last_news(watch: Watch) -> datetime | None:
    """When it published last, by its own word or by what was found new, whichever is later."""
    return max((time for time in (watch.newest, watch.news_at) if time), default=None)


def silent_after(usual: float) -> timedelta:
    """How long nothing new may come from a source that publishes every ``usual`` seconds."""
    patience = timedelta(seconds=min(usual * SILENT_AFTER, 3 * 365 * 86400))
    return max(patience, SLOW_AT_LEAST) if usual >= SLOW.total_seconds() else patience
