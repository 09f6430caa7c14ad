"""The words along an axis: as many as fit beside each other, half of them where it is narrow."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from services.web.charts.periods import Period, Unit

APART = 16.0
"""Percent of the width from one label to the next; twice that where the chart is narrow."""
NARROW = 3
"""So many labels fit anywhere."""
CHARACTER = 1.6
"""Percent of the width that one character of a label takes in a narrow column."""


class Tick(msgspec.Struct, frozen=True):
    """A label, ``x`` percent from the left; ``extra``: left out where the chart is narrow."""

    text: str
    x: float
    extra: bool


def spaced(candidates: Iterable[tuple[str, float]], *, to_the_right: bool) -> tuple[Tick, ...]:
    """Of (text, x), from left to right, those that are clear of the one before.

    Labels that reach to the right of their place must end within the chart.
    """
    chosen: list[tuple[str, float]] = []
    for text, x in candidates:
        clear = not chosen or x - chosen[-1][1] >= APART
        if clear and x + to_the_right * len(text) * CHARACTER <= 100:
            chosen.append((text, round(x, 2)))
    crowded = len(chosen) > NARROW
    return tuple(Tick(*tick, crowded and bool(number % 2)) for number, tick in enumerate(chosen))


def period_ticks(
    unit: Unit, spans: Sequence[Period], places: Mapping[int, float]
) -> tuple[Tick, ...]:
    """The years' beginnings where two or more months or quarters begin one; else any stretch's.

    ``places``: percent, by the number of the stretch; one without a place gets no label.
    """
    names = {at: _short(unit, spans[at]) for at in places}
    if unit in ("month", "quarter"):
        years = {at: str(spans[at].start.year) for at in places if spans[at].start.month == 1}
        names = years if len(years) > 1 else names
    return spaced(((name, places[at]) for at, name in names.items()), to_the_right=True)


def _short(unit: Unit, span: Period) -> str:
    match unit:
        case "day" | "week":
            return f"{span.start.day} {span.start:%b} {span.start.year}"
        case "month":
            return f"{span.start:%b} {span.start.year}"
        case _:
            return span.name.partition("–")[0]
