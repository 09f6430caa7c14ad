"""Coverage over time: one bar for each day, week, month, quarter or year; each bar filters."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

import msgspec

from services.index import DayCount
from services.web.charts.labels import Tick, period_ticks
from services.web.charts.periods import Period, Unit, day_name, periods
from services.web.charts.scales import round_top

BARS = 60
HEIGHT = 84
"""Pixels from the top line to the ground."""
LEAST = 1.5
"""Pixels of a bar that stands for anything at all."""
GAP = 0.2
"""Of a bar's place, the part that stays free."""
FEW = 12
"""Of fewer stretches, each still takes no more than this part of the width."""
Address = Callable[[str, str], str]
"""From the first day and the day after the last one (ISO, empty: open) to where that search is."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of time; ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    name: str
    count: int
    address: str
    """The search in this stretch alone; empty where it would find nothing."""
    slot: float
    slot_width: float
    x: float
    width: float
    y: float
    height: float


class HistogramView(msgspec.Struct, frozen=True, kw_only=True):
    """What ``charts.histogram`` draws."""

    id: str
    """Begins the ids of what is drawn, so that one page can hold several."""
    title: str
    description: str = ""
    what: str
    """The word for what is counted, in the singular."""
    unit: Unit = "day"
    height: int = HEIGHT
    top: int = 0
    """The count at the top line."""
    bars: tuple[Bar, ...] = ()
    """Without a choice, as when all is of one day, there are none, and nothing is drawn."""
    ticks: tuple[Tick, ...] = ()


def histogram(
    days: Sequence[DayCount], address: Address, *, id: str = "days", what: str = "article"
) -> HistogramView:
    """The chart of ``days``, which are in order, as ``Results.days`` gives them.

    ``address`` turns two days into an address, for instance
    ``lambda after, before: state.but(after=after, before=before).address("/")``.
    """
    counted = [day for day in days if day.count > 0]
    if not counted:
        return HistogramView(id=id, title=f"No {what} has a date", what=what)
    unit, spans = periods(counted[0].day, counted[-1].day, BARS)
    starts = [span.start for span in spans]
    counts = [0] * len(spans)
    for day in counted:
        counts[bisect_right(starts, day.day) - 1] += day.count
    top = round_top(max(counts))
    several = len(spans) > 1
    return HistogramView(
        id=id,
        title=_title(what, unit, counted),
        description=_description(what, spans, counts),
        what=what,
        unit=unit,
        top=top,
        bars=tuple(_bars(spans, counts, top, address)) if several else (),
        ticks=period_ticks(unit, spans, _places(spans)) if several else (),
    )


def _title(what: str, unit: Unit, counted: Sequence[DayCount]) -> str:
    first, last = day_name(counted[0].day), day_name(counted[-1].day)
    if first == last:
        return f"{what.capitalize()}s of {first}"
    return f"{what.capitalize()}s by {unit}, {first} to {last}"


def _description(what: str, spans: Sequence[Period], counts: Sequence[int]) -> str:
    total, most = sum(counts), max(counts)
    peak = spans[counts.index(most)].name
    return f"{total:,} {what}{'s' if total != 1 else ''}; most in one stretch: {most:,} ({peak})."


def _bars(
    spans: Sequence[Period], counts: Sequence[int], top: int, address: Address
) -> Iterator[Bar]:
    slot = _slot(spans)
    for at, (span, count) in enumerate(zip(spans, counts, strict=True)):
        height = round(max(LEAST, HEIGHT * count / top), 1) if count else 0.0
        end = span.end.isoformat() if span.end else ""
        yield Bar(
            name=span.name,
            count=count,
            address=address(span.start.isoformat(), end) if count else "",
            slot=round(at * slot, 2),
            slot_width=round(slot, 2),
            x=round((at + GAP / 2) * slot, 2),
            width=round(slot * (1 - GAP), 2),
            y=round(HEIGHT - height, 1),
            height=height,
        )


def _slot(spans: Sequence[Period]) -> float:
    return 100 / max(FEW, len(spans))


def _places(spans: Sequence[Period]) -> dict[int, float]:
    slot = _slot(spans)
    return {at: at * slot for at in range(len(spans))}
