"""Events: which articles of a batch are about the same happening, each in its own words.

Each article's vector is moved towards those of its nearest neighbours, which brings reports of one
event together that share few words (the wording of the third is a bridge between the first two).
Then clusters are joined, nearest first, as long as their members' mean cosine is high enough
(average link: one report that mentions two events does not make them one). Far in time is far
apart: the mean is lowered by the days that lie between two clusters.
"""

from collections.abc import Callable, Sequence
from heapq import heapify, heappop, heappush

import msgspec

from processors.stories.profiles import Profile
from processors.stories.vectors import MOST_TERMS, Vector, neighbours, summed, unit, vectors

SAME_EVENT = 0.49
"""The mean cosine of two parts of one event, at least."""
LENT = 0.5
"""A neighbour lends so much of its vector, times its cosine."""
LENDERS = 5
"""Neighbours of an article that do."""
MET = 24
"""Neighbours that an article may be joined with."""
LEAST = 0.08
"""A smaller cosine is no neighbour's."""
CLUSTER_TERMS = 600
AT_ONCE = 2.0
"""Days between two reports that make no difference."""
FADES = 7.0
"""Further days by which likeness falls to a half: follow-ups come within the week."""


class Item(msgspec.Struct, frozen=True):
    """A text with its copies. ``days``: of the first and the last of them; None where unknown."""

    profile: Profile
    days: tuple[float, float] | None = None


class _Cluster(msgspec.Struct):
    total: Vector
    """Sum of its members' vectors."""
    size: int
    days: tuple[float, float] | None
    near: set[int]


def nearness(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    """From 1 at once to 0 long after: what the time between two spans leaves of a likeness."""
    if one is None or other is None:
        return 1.0
    gap = max(one[0], other[0]) - min(one[1], other[1])
    return 1.0 if gap <= AT_ONCE else float(0.5 ** ((gap - AT_ONCE) / FADES))


def events(items: Sequence[Item], tick: Callable[[], None] = lambda: None) -> list[int]:
    """For each item the first of its event. ``tick`` is called twice an item."""
    lent = _lent(items, vectors(item.profile for item in items), tick)
    clusters = {
        at: _Cluster(vector, 1, item.days, set())
        for at, (vector, item) in enumerate(zip(lent, items, strict=True))
    }
    heap: list[tuple[float, int, int]] = []
    for at, near in enumerate(neighbours(lent, MET, SAME_EVENT)):
        for other, _ in near:
            if other not in clusters[at].near:
                _meet(clusters, heap, at, other)
        tick()
    heapify(heap)
    of = list(range(len(items)))
    while heap:
        _, one, other = heappop(heap)
        if one in clusters and other in clusters:
            of.append(len(of))
            of[one] = of[other] = _join(clusters, heap, one, other, len(of) - 1)
    return _firsts(of, len(items))


def _lent(items: Sequence[Item], batch: Sequence[Vector], tick: Callable[[], None]) -> list[Vector]:
    found = []
    for at, near in enumerate(neighbours(batch, LENDERS, LEAST)):
        parts = [(batch[at], 1.0)]
        parts += [
            (batch[other], LENT * cosine * nearness(items[at].days, items[other].days))
            for other, cosine in near
        ]
        found.append(unit(summed(parts, MOST_TERMS)))
        tick()
    return found


def _meet(
    clusters: dict[int, _Cluster], heap: list[tuple[float, int, int]], one: int, other: int
) -> None:
    """Note how near two clusters are, when that is near enough."""
    first, second = clusters[one], clusters[other]
    mean = first.total.dot(second.total) / (first.size * second.size)
    mean *= nearness(first.days, second.days)
    if mean >= SAME_EVENT:
        first.near.add(other)
        second.near.add(one)
        heappush(heap, (-mean, min(one, other), max(one, other)))


def _join(
    clusters: dict[int, _Cluster],
    heap: list[tuple[float, int, int]],
    one: int,
    other: int,
    number: int,
) -> int:
    first, second = clusters.pop(one), clusters.pop(other)
    days = [each.days for each in (first, second) if each.days is not None]
    clusters[number] = _Cluster(
        summed([(first.total, 1.0), (second.total, 1.0)], CLUSTER_TERMS),
        first.size + second.size,
        (min(it[0] for it in days), max(it[1] for it in days)) if days else None,
        set(),
    )
    # A mean lies between those of its two parts: who was near to neither is not near to both.
    for near in sorted(first.near | second.near):
        if near in clusters:
            _meet(clusters, heap, number, near)
    return number


def _firsts(of: list[int], size: int) -> list[int]:
    first: dict[int, int] = {}
    found = []
    for at in range(size):
        cluster = at
        while of[cluster] != cluster:
            of[cluster] = of[of[cluster]]
            cluster = of[cluster]
        found.append(first.setdefault(cluster, at))
    return found
