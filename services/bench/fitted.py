"""From the times of slices to what an event and a slice cost."""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

from services.planning.costs import Cost

STEPS = 10
"""Of a spread: its values are the deciles."""


class Slices(NamedTuple):
    """One slice that was timed."""

    events: int
    seconds: float


def fitted(slices: Sequence[Slices], most: int) -> Cost:
    """A cost from slices of one event and of many: the line through them, by least squares.

    The whole stays what was measured, and nothing is less than nothing.
    """
    events, seconds = fmean(s.events for s in slices), fmean(s.seconds for s in slices)
    varies = sum((s.events - events) ** 2 for s in slices)
    together = sum((s.events - events) * (s.seconds - seconds) for s in slices)
    each = together / varies if varies else seconds / events
    each = min(max(each, 0.05 * seconds / events), seconds / events)
    batch = seconds - each * events
    alone = [s.seconds for s in slices if s.events == 1]
    return Cost(event=each, batch=batch, slice=most, spread=spread(alone))


def spread(times: Sequence[float]) -> tuple[float, ...]:
    """The deciles by the mean, least and most included; all the same where too few are known."""
    if len(times) <= STEPS or not sum(times):
        return (1.0, 1.0)
    ordered, mean = sorted(times), fmean(times)
    last = len(ordered) - 1
    return tuple(round(ordered[step * last // STEPS] / mean, 3) for step in range(STEPS + 1))


def steady(seconds: float) -> Cost:
    """The cost of what is measured only as a whole, event by event."""
    return Cost(event=seconds, batch=0.0, slice=1, spread=(1.0, 1.0))
