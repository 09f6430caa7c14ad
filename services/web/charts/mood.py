"""Mood over time: a dot for each article that shows one, and the mean of neighbouring ones."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from processors.records import Polarity
from services.web.charts.labels import Tick
from services.web.charts.scales import TimeScale, time_scale, time_ticks
from services.words import signed

HEIGHT = 132
"""Pixels from a score of 1 down to a score of -1."""
NEIGHBOURS = 4
"""On either side of an article, so many count into its mean."""
ENOUGH = 5
"""Of fewer articles no mean is drawn."""


class Felt(msgspec.Struct, frozen=True, kw_only=True):
    """The mood of one article towards somebody."""

    at: datetime
    score: float
    """From -1 (negative) to 1 (positive)."""
    polarity: Polarity
    title: str
    source: str
    address: str
    sentence: str
    """The one that shows it best."""


class Dot(msgspec.Struct, frozen=True):
    """One article; ``x`` in percent, ``y`` in pixels."""

    felt: Felt
    x: float
    y: float
    score: str
    """``+0.42``."""
    day: str


class Point(msgspec.Struct, frozen=True):
    x: float
    y: float


class MoodChart(msgspec.Struct, frozen=True, kw_only=True):
    """What ``charts.mood`` draws; nothing where there are no dots."""

    id: str
    title: str
    description: str = ""
    height: int = HEIGHT
    dots: tuple[Dot, ...] = ()
    """Oldest first."""
    mean: tuple[Point, ...] = ()
    ticks: tuple[Tick, ...] = ()


def mood_chart(felt: Sequence[Felt], name: str, *, id: str = "mood") -> MoodChart:
    """The chart of the mood towards ``name``; the articles may come in any order."""
    ordered = sorted(felt, key=lambda it: it.at)
    title = f"Mood towards {name}"
    if not ordered:
        return MoodChart(id=id, title=title)
    scale = time_scale(it.at for it in ordered)
    dots = tuple(_dot(it, scale) for it in ordered)
    mean = sum(it.score for it in ordered) / len(ordered)
    articles = "1 article" if len(ordered) == 1 else f"{len(ordered):,} articles"
    return MoodChart(
        id=id,
        title=f"{title}, {dots[0].day} to {dots[-1].day}",
        description=f"{articles} from −1, negative, to +1, positive; on average {signed(mean)}.",
        dots=dots,
        mean=_mean(ordered, scale) if len(ordered) >= ENOUGH else (),
        ticks=time_ticks(scale),
    )


def _dot(felt: Felt, scale: TimeScale) -> Dot:
    day = f"{felt.at.day} {felt.at:%b %Y}"
    return Dot(felt, scale.x(felt.at), _y(felt.score), signed(felt.score), day)


def _y(score: float) -> float:
    return round((1 - min(1.0, max(-1.0, score))) / 2 * HEIGHT, 1)


def _mean(ordered: Sequence[Felt], scale: TimeScale) -> tuple[Point, ...]:
    points = []
    for at, one in enumerate(ordered):
        near = ordered[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]
        points.append(Point(scale.x(one.at), _y(sum(it.score for it in near) / len(near))))
    return tuple(points)
