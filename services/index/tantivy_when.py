"""When articles were published, as terms: every day lies in a month, a year, a decade, a century.

A stretch of time is the few largest of these that fill it, and the times within the days at its
ends. Only those days are compared time by time; a column of times is never gone through.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from services.index.documents import day_of, opening

_SIZES = (2, 3, 4, 7, 10)
"""Characters of an ISO date that name a century, a decade, a year, a month and a day."""
_END = date.max.toordinal() + 1


class Edge(msgspec.Struct, frozen=True):
    """The part of one day from ``after`` on, and up to but without ``before``."""

    day: str
    after: int
    before: int


def when_terms(time: int) -> list[str]:
    """The stretches that a time (microseconds since 1970) lies in, the longest first."""
    day = _name(day_of(time))
    return [day[:size] for size in _SIZES]


def stretch(after: int | None, before: int | None) -> tuple[list[str], list[Edge]]:
    """What fills the time from ``after`` on up to ``before``: whole stretches, parts of days."""
    start = opening(1) if after is None else after
    stop = opening(_END) if before is None else before
    if start >= stop:
        return [], []
    first, end = day_of(start - 1) + 1, day_of(stop)  # the days in between are whole
    if first > end:
        return [], [Edge(_name(end), start, stop)]
    edges = []
    if start < opening(first):
        edges.append(Edge(_name(first - 1), start, opening(first)))
    if opening(end) < stop:
        edges.append(Edge(_name(end), opening(end), stop))
    return list(_filling(first, end)), edges


def _filling(first: int, end: int) -> Iterator[str]:
    """The largest stretches that begin in turn from one day (an ordinal) to another."""
    while first < end:
        day = date.fromordinal(first)
        size, after = next(
            (size, after)
            for size in _SIZES
            if _opens(day, size) and (after := _after(day, size)) <= end
        )
        yield day.isoformat()[:size]
        first = after


def _opens(day: date, size: int) -> bool:
    return day.isoformat()[size:] == "0000-01-01"[size:]


def _after(day: date, size: int) -> int:
    """The day after the stretch that a day opens; the last century ends where all days do."""
    match size:
        case 10:
            return day.toordinal() + 1
        case 7:
            month = day.year * 12 + day.month
            year, month = divmod(month, 12)
        case _:
            year, month = day.year + 10 ** (4 - size), 0
    return date(year, month + 1, 1).toordinal() if year <= date.max.year else _END


def _name(day: int) -> str:
    return date.fromordinal(day).isoformat()
