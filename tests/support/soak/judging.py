"""What a soak must show, and whether it did: pure, from the account, the samples and the waits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from services.planning.simulation import percentile
from services.workers.app import HARD_SECONDS
from tests.support.soak.account import Account, Wait, Wrong
from tests.support.soak.crew import CHILDREN
from tests.support.soak.harm import Window
from tests.support.soak.measuring import Sample

PER = 10_000
"""Growth is told per so many events, as the limits are."""
MOST_BYTES = 1_000_000
MOST_DESCRIPTORS = 3
"""By which the most in the last third of a process's life may exceed that in the first third."""
MOST_SECONDS = 120.0
WARM_UP = 2_000
"""Events after its start in which a process may grow: models load, caches fill."""
WARM_UP_OF = {"child": 12_000 * CHILDREN}
"""The same where it takes longer: the caches of words hold 65,536 each, and made-up articles, whose
words are nearly all new, fill them in some 12,000 of a child's own (docs/soak.md)."""
WARM_UP_SECONDS = {"worker": HARD_SECONDS + 60.0}
"""Seconds of the same. A Celery worker keeps a timer of each task for as long as the task might
take at most, ended or not: some 0.6 KB each, so that it is full only when the first ones go."""
ROLES = ("worker", "child", "read", "index", "alert")
"""Whose memory is judged."""
LIFE = 5_000
"""Events that a process must live through after that, for its growth to tell anything."""
TOO_SHORT = f"nobody lived through {LIFE:,} events after its warm-up"
SHARE = 0.95
MOST_SEGMENTS = 100
"""Of three indices, each of one shard: merging leaves 10 to 20 of very different sizes."""

State = Literal["held", "failed", "not judged"]


class Verdict(msgspec.Struct, frozen=True):
    """One thing that has to hold, in words, with what was seen."""

    what: str
    state: State
    seen: str
    limit: str


class Point(NamedTuple):
    events: int
    rss: int
    descriptors: int


class Life(msgspec.Struct, frozen=True):
    """One process from its warm-up to its end."""

    role: str
    pid: int
    points: tuple[Point, ...]

    @property
    def events(self) -> int:
        return self.points[-1].events - self.points[0].events if self.points else 0

    @property
    def growth(self) -> float:
        """Bytes per 10,000 events, by least squares."""
        return PER * slope([(point.events, point.rss) for point in self.points])

    @property
    def more_descriptors(self) -> int:
        """How many more the last third had than the first, at most each."""
        third = max(1, len(self.points) // 3)
        first, last = self.points[:third], self.points[-third:]
        return max(each.descriptors for each in last) - max(each.descriptors for each in first)


def judge(
    account: Account, samples: Sequence[Sample], waits: Sequence[Wait], windows: Sequence[Window]
) -> list[Verdict]:
    """Every verdict, in the order of the report."""
    lived = [life for life in lives(samples) if life.events >= LIFE]
    outside = [wait.seconds for wait in waits if not in_fault(wait, windows)]
    return [
        _none("nothing lost", account.lost),
        _none("nothing twice", account.twice),
        _none("everything as it has to end", account.wrong),
        *_memory(lived),
        _descriptors(lived),
        _freshness(outside, len(waits)),
        _segments(samples),
    ]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Of the straight line with the least squares; 0 where all points have one x."""
    if not points:
        return 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def lives(samples: Iterable[Sample]) -> list[Life]:
    """Each process from the end of its warm-up on."""
    first: dict[tuple[str, int], Sample] = {}
    points: dict[tuple[str, int], list[Point]] = {}
    for sample in samples:
        for one in sample.processes:
            who = one.role, one.pid
            began = first.setdefault(who, sample)
            if _is_warm(one.role, began, sample):
                point = Point(sample.done, one.rss, one.descriptors)
                points.setdefault(who, []).append(point)
    return [Life(role, pid, tuple(found)) for (role, pid), found in points.items()]


def _is_warm(role: str, began: Sample, now: Sample) -> bool:
    seconds = WARM_UP_SECONDS.get(role, 0.0)
    return now.done - began.done >= WARM_UP_OF.get(role, WARM_UP) and now.at - began.at >= seconds


def in_fault(wait: Wait, windows: Iterable[Window]) -> bool:
    """Whether any of an article's way was during a fault."""
    return any(wait.fetched <= one.over and wait.indexed >= one.start for one in windows)


def freshness(
    waits: Iterable[Wait], began: datetime, seconds: float
) -> Iterator[tuple[float, float]]:
    """The p95 of each stretch of ``seconds`` in which articles came into the index; in order."""
    stretches: dict[int, list[float]] = {}
    for wait in waits:
        place = int((wait.indexed - began).total_seconds() // seconds)
        stretches.setdefault(place, []).append(wait.seconds)
    for place in sorted(stretches):
        yield (place + 0.5) * seconds, percentile(stretches[place], SHARE)


def _none(what: str, wrong: Sequence[Wrong]) -> Verdict:
    seen = "; ".join(f"{each.what}: {each.count:,} ({each.examples[0]})" for each in wrong)
    return Verdict(what, "failed" if wrong else "held", seen or "0", "0")


def _memory(lived: Sequence[Life]) -> Iterator[Verdict]:
    limit = f"under {MOST_BYTES / 1e6:g} MB per {PER:,} events"
    for role in ROLES:
        own = [life for life in lived if life.role == role]
        state: State = "not judged"
        seen = TOO_SHORT
        if own:
            worst = max(own, key=lambda life: life.growth)
            state = "held" if worst.growth < MOST_BYTES else "failed"
            seen = f"{worst.growth / 1e6:+.2f} MB over {worst.events:,} events"
        yield Verdict(f"memory flat: {role}", state, seen, limit)


def _descriptors(lived: Sequence[Life]) -> Verdict:
    limit = f"at most {MOST_DESCRIPTORS} more"
    if not lived:
        return Verdict("file descriptors flat", "not judged", TOO_SHORT, limit)
    worst = max(lived, key=lambda life: life.more_descriptors)
    more = worst.more_descriptors
    state: State = "held" if more <= MOST_DESCRIPTORS else "failed"
    return Verdict("file descriptors flat", state, f"{more:+} ({worst.role})", limit)


def _freshness(outside: Sequence[float], all_waits: int) -> Verdict:
    limit = f"within {MOST_SECONDS:g} s"
    if not outside:
        return Verdict("freshness p95 outside faults", "not judged", "nothing was outside", limit)
    p95 = percentile(outside, SHARE)
    seen = f"{p95:.1f} s of {len(outside):,} of {all_waits:,} events"
    state: State = "held" if p95 <= MOST_SECONDS else "failed"
    return Verdict("freshness p95 outside faults", state, seen, limit)


def _segments(samples: Iterable[Sample]) -> Verdict:
    most = max((sample.segments or 0 for sample in samples), default=0)
    state: State = "held" if most <= MOST_SEGMENTS else "failed"
    return Verdict("segments of the index bounded", state, f"{most} at most", f"{MOST_SEGMENTS}")
