"""Which harm is done when: a plan by progress, from a seed. Pure."""

import random
from collections.abc import Iterator, Sequence

import msgspec

HARMS = {
    "end-worker": "SIGTERM to the Celery worker",
    "kill-worker": "kill -9 of the Celery worker, its child too",
    "kill-child": "kill -9 of the worker's child alone",
    "end-dispatcher": "SIGTERM to a dispatcher",
    "kill-dispatcher": "kill -9 of a dispatcher",
    "restart-all": "SIGTERM to the whole family, then a start",
    "wipe-redis": "FLUSHALL of Redis",
    "kill-kafka": "kill -9 of the broker, which comes back after the outage",
    "restart-elasticsearch": "Elasticsearch ends in good order and comes back after the outage",
    "more-workers": "workers 1 to 3, read dispatchers 1 to 3",
    "fewer-workers": "workers 3 to 1, read dispatchers 3 to 1",
    "more-partitions": "partitions of pages and articles 12 to 24",
}
ONCE = ("more-partitions",)
ROUND = 100_000
"""Articles in which each harm is done once."""
FIRST, LAST = 0.05, 0.6
"""The part of a round in which harm is done; the rest is quiet, so that growth would show."""


class Fault(msgspec.Struct, frozen=True):
    at: int
    """It is due once so many events were published."""
    harm: str


def plan(articles: int, seed: int, harms: Sequence[str] = tuple(HARMS)) -> list[Fault]:
    """The faults of a run, in their order. Raises ValueError for a harm that nobody knows."""
    if unknown := sorted({*harms} - HARMS.keys()):
        raise ValueError(f"{', '.join(unknown)}: no harm; known: {', '.join(HARMS)}")
    dice = random.Random(f"harm of {seed}")
    rounds = max(1, articles // ROUND)
    length = articles / rounds
    faults = []
    for number in range(rounds):
        order = [*_shuffled(dice, harms, first=number == 0)]
        step = length * (LAST - FIRST) / max(1, len(order))
        begin = number * length + length * FIRST
        faults += [
            Fault(int(begin + (place + dice.uniform(0.2, 0.8)) * step), harm)
            for place, harm in enumerate(order)
        ]
    return faults


def _shuffled(dice: random.Random, harms: Sequence[str], *, first: bool) -> Iterator[str]:
    """Any order, but that workers go away only after they came."""
    order = [harm for harm in HARMS if harm in harms and (first or harm not in ONCE)]
    dice.shuffle(order)
    pair = {"more-workers", "fewer-workers"}
    places = iter(sorted(pair & {*order}, reverse=True))
    for harm in order:
        yield next(places) if harm in pair else harm


def ceiling(faults: Sequence[Fault], begun: int, articles: int, *, in_hand: bool) -> int:
    """How many events may be published now, of ``articles`` in all; ``begun`` faults have begun.

    Up to the next fault; while one is in hand only half the way to it, so that there is something
    in the middle of things when the next one begins.
    """
    ahead = faults[begun].at if begun < len(faults) else articles
    if not in_hand:
        return ahead
    return (faults[begun - 1].at + ahead) // 2
