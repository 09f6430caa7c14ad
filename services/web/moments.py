"""Times as a reader wants them: how long ago, and exactly when in the publisher's zone."""

from datetime import UTC, datetime, timedelta

import msgspec

_STEPS = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "h"),
    (timedelta(minutes=1), "min"),
    (timedelta(seconds=1), "s"),
)
_ABBREVIATED = ("h", "min", "s")


class Moment(msgspec.Struct, frozen=True):
    """One time in three spellings: for machines, exact, and relative to the reader."""

    iso: str
    exact: str
    ago: str


def utc_now() -> datetime:
    """The clock of the pages; tests pass another."""
    return datetime.now(UTC)


def moment(at: datetime, now: datetime) -> Moment:
    """``at`` for a ``<time>`` element; both times are aware."""
    return Moment(at.isoformat(timespec="seconds"), exact(at), ago(at, now))


def if_known(at: datetime | None, now: datetime) -> Moment | None:
    """``moment``, or None where there is no time."""
    return moment(at, now) if at else None


def exact(at: datetime) -> str:
    """``28 Jan 2025, 09:15 UTC+01:00``."""
    return f"{at.day} {at:%b %Y, %H:%M} {zone(at)}"


def zone(at: datetime) -> str:
    """``UTC``, or how far the time's zone is from it."""
    offset = at.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = round(abs(offset).total_seconds() / 60)
    return f"UTC{'+' if offset > timedelta() else '−'}{minutes // 60:02}:{minutes % 60:02}"


def ago(at: datetime, now: datetime) -> str:
    """``14 s ago``, ``3 h ago``, ``2 years ago``; ``in 5 min`` for a time to come."""
    gap = now - at
    if abs(gap) < timedelta(seconds=1):
        return "now"
    return f"{age_words(gap)} ago" if gap > timedelta() else f"in {age_words(-gap)}"


def age_words(gap: timedelta) -> str:
    """``14 s``, ``3 h``, ``2 years``: whole steps of the largest unit, however many are left."""
    for step, name in _STEPS:
        if gap >= step:
            count = gap // step
            return f"{count} {name if name in _ABBREVIATED or count == 1 else f'{name}s'}"
    return "0 s"
