"""Stretches of the calendar: days joined to weeks, months, quarters or years, at most so many."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

Unit = Literal["day", "week", "month", "quarter", "year"]
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""How many years one stretch may hold; those that a calendar has fit into twenty of the last."""


class Period(msgspec.Struct, frozen=True):
    """The days from ``start`` up to ``end``, which is not among them; None where dates end."""

    start: date
    end: date | None
    name: str


def periods(first: date, last: date, most: int) -> tuple[Unit, tuple[Period, ...]]:
    """The shortest kind of stretch of which ``most`` (20 or more) hold all days, and those."""
    days = (last - first).days + 1
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if days <= most:
        return "day", tuple(_walk(first, last, _day))
    if days <= (most - 1) * 7:
        return "week", tuple(
            _walk(first - timedelta(min(first.weekday(), _room(first))), last, _week)
        )
    if months <= most:
        return "month", tuple(_walk(first.replace(day=1), last, _month))
    if months <= (most - 1) * 3:
        quarter = first.replace(month=(first.month - 1) // 3 * 3 + 1, day=1)
        return "quarter", tuple(_walk(quarter, last, _quarter))
    span = last.year - first.year + 1
    step = next(step for step in YEARS if span <= (most - 1) * step)
    start = date(max(1, first.year // step * step), 1, 1)
    return "year", tuple(_walk(start, last, lambda begin: _years(begin, step)))


def _walk(start: date, last: date, period: Callable[[date], Period]) -> Iterator[Period]:
    at: date | None = start
    while at is not None and at <= last:
        found = period(at)
        yield found
        at = found.end


def _room(day: date) -> int:
    """Days of the calendar before this one."""
    return (day - date.min).days


def _later(day: date, days: int) -> date | None:
    return day + timedelta(days) if (date.max - day).days >= days else None


def _months_later(start: date, months: int) -> date | None:
    at = start.year * 12 + start.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, 1) if year <= date.max.year else None


def _day(start: date) -> Period:
    return Period(start, _later(start, 1), day_name(start))


def _week(start: date) -> Period:
    return Period(start, _later(start, 7 - start.weekday()), f"week of {day_name(start)}")


def _month(start: date) -> Period:
    return Period(start, _months_later(start, 1), f"{start:%B} {start.year}")


def _quarter(start: date) -> Period:
    name = f"Q{(start.month + 2) // 3} {start.year}"
    return Period(start, _months_later(start, 3), name)


def _years(start: date, step: int) -> Period:
    first = start.year // step * step
    end = first + step
    name = str(start.year) if step == 1 else f"{start.year}–{end - 1}"
    return Period(start, date(end, 1, 1) if end <= date.max.year else None, name)


def day_name(day: date) -> str:
    """``28 Jan 2025``."""
    return f"{day.day} {day:%b} {day.year}"
