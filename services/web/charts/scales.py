"""From values to places in percent, with round labels."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil, floor, log10

import msgspec

from processors.figures import amount
from services.web.charts.labels import Tick, period_ticks, spaced
from services.web.charts.periods import periods

STEPS = (1, 2, 5)
LEAST, MOST = 1e-6, 1e30
"""Figures beyond these are drawn at the edge."""
EDGE = 2.0
"""Percent that stay free on either side, so that a dot at the edge is whole."""
DECADES = 3
"""With fewer powers of ten in sight, their doubles and fives are labelled too."""
PIECES = 24


class LogScale(msgspec.Struct, frozen=True):
    """Equal ratios take equal room, from ``low`` to ``high`` (both above 0, ``low`` less)."""

    low: float
    high: float

    def x(self, value: float) -> float:
        """Percent from the left; what is out of bounds stands at the edge."""
        within = min(self.high, max(self.low, value))
        share = log10(within / self.low) / log10(self.high / self.low)
        return round(EDGE + (100 - 2 * EDGE) * share, 2)


class TimeScale(msgspec.Struct, frozen=True):
    """Equal times take equal room, from ``first`` to ``last`` (aware, ``first`` earlier)."""

    first: datetime
    last: datetime

    def x(self, at: datetime) -> float:
        """Percent from the left."""
        within = min(self.last, max(self.first, at))
        share = (within - self.first) / (self.last - self.first)
        return round(EDGE + (100 - 2 * EDGE) * share, 2)


def log_scale(values: Iterable[float]) -> LogScale:
    """The scale from the round number below the least value to the one above the largest.

    Values that are not above 0 have no place on it; ValueError if there are no others.
    """
    known = [min(MOST, max(LEAST, value)) for value in values if value > 0]
    if not known:
        raise ValueError("no value above 0 to make a scale for")
    low, high = _round_below(min(known)), _round_above(max(known))
    if low == high:
        low, high = _round_below(low * 0.99), _round_above(high * 1.01)
    return LogScale(low, high)


def money_ticks(scale: LogScale, currency: str | None) -> tuple[Tick, ...]:
    """Round figures within the scale: ``$1M``, ``$10M``; numbers where there is no currency."""
    exponents = range(floor(log10(scale.low)), ceil(log10(scale.high)) + 1)
    tens = [10.0**power for power in exponents]
    values = [value for value in tens if _within(value, scale)]
    if len(values) < DECADES:
        finer = (step * ten for ten in tens for step in STEPS)
        values = [value for value in finer if _within(value, scale)]
    named = ((amount(value, currency), scale.x(value)) for value in values)
    return spaced(named, to_the_right=False)


def time_scale(times: Iterable[datetime]) -> TimeScale:
    """The scale over all times, of which there is at least one; never shorter than a day."""
    known = sorted(times)
    first, last = known[0], known[-1]
    if last - first < timedelta(days=1):
        first, last = first - timedelta(hours=12), last + timedelta(hours=12)
    return TimeScale(first, last)


def time_ticks(scale: TimeScale) -> tuple[Tick, ...]:
    """Beginnings of days, weeks, months, quarters or years within the scale."""
    unit, spans = periods(scale.first.date(), scale.last.date(), PIECES)
    zone = scale.first.tzinfo
    begins = {
        at: datetime(span.start.year, span.start.month, span.start.day, tzinfo=zone)
        for at, span in enumerate(spans)
    }
    places = {at: scale.x(it) for at, it in begins.items() if scale.first <= it <= scale.last}
    return period_ticks(unit, spans, places)


def round_top(value: int) -> int:
    """The least round number that is no smaller: one digit, then noughts."""
    scale: int = 10 ** floor(log10(max(1, value)))
    return next(step * scale for step in range(1, 11) if step * scale >= value)


def _within(value: float, scale: LogScale) -> bool:
    return scale.low * 0.999 <= value <= scale.high * 1.001


def _round_below(value: float) -> float:
    ten = 10.0 ** floor(log10(value))
    return max((step * ten for step in STEPS if step * ten <= value * 1.000001), default=ten)


def _round_above(value: float) -> float:
    ten = 10.0 ** floor(log10(value))
    return min(step * ten for step in (*STEPS, 10) if step * ten >= value * 0.999999)
