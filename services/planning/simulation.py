"""Queues event by event: articles come as by day, and go from stage to stage in slices.

It checks the model where the model guesses: bursts from one stage to the next, slices, partitions
of which one slice is out at a time. Pure and seeded: the same plan gives the same figures.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from itertools import islice
from random import Random

import msgspec

from services.planning.costs import Cost, StageName
from services.planning.day import BUSIEST, DAY_SECONDS, rate_at
from services.planning.model import Need, Plan
from services.planning.queues import Expected, expected

ARTICLES = 40_000
"""That are simulated at the most, about the busiest hour: a second or two."""
SEED = 20_261_130
SPLIT = ("read", "index", "alert")
"""Stages that read the log, partition by partition."""


class Run(msgspec.Struct, frozen=True):
    """What one stage did."""

    ends: tuple[float, ...]
    """When each event was done, in the order of its coming."""
    waits: tuple[float, ...]
    """Seconds until each was worked on."""
    busy: float
    """Seconds of work of all servers."""
    area: float
    """Seconds times events that were there, waiting or worked on."""
    seconds: float
    """From the first arrival to the last end."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One stage in the busiest hour: what the model expects, and what was simulated."""

    stage: StageName
    events: int
    workers: int
    model: Expected
    utilisation: float
    p95: float


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    articles: int
    begins: float
    """Second of the day."""
    ends: float
    p95: float
    """Seconds from coming to being searchable, without the fetch itself."""
    stages: tuple[Compared, ...]


def simulate(plan: Plan, articles: int = ARTICLES, seed: int = SEED) -> Simulation:
    """Run the plan's workers through the busiest part of its day."""
    random = Random(seed)  # noqa: S311 - no secret
    # Where each article has many alerts, fewer of them are as much to simulate.
    begins, ends = _window(plan, articles / max(1.0, plan.load.alerts_an_article / 4))
    came = arrivals(plan.load.mean, plan.load.peak, begins, ends, random)
    compared: list[Compared] = []

    def run(stage: StageName, coming: Sequence[float]) -> Run:
        need = plan.need(stage)
        split = plan.partitions if stage in SPLIT else 0
        done = serve(coming, need.workers, split, need.cost, random)
        compared.append(_compared(need, split, coming, done))
        return done

    crawled = _onwards(came, run("crawl", came).ends)
    fetched = [at for at, _ in crawled]
    read = _onwards([start for _, start in crawled], run("read", fetched).ends)
    made = [at for at, _ in read]
    indexed = run("index", made)
    alerted = run("alert", made)
    share = plan.load.alerts_an_article
    run("deliver", [end for end in sorted(alerted.ends) for _ in range(_drawn(share, random))])
    took = [end - start for (_, start), end in zip(read, indexed.ends, strict=True)]
    return Simulation(
        articles=len(came),
        begins=begins,
        ends=ends,
        p95=percentile(took, 0.95),
        stages=tuple(compared),
    )


def _onwards(starts: Sequence[float], ends: Sequence[float]) -> list[tuple[float, float]]:
    """Events in the order in which they go on: when that is, and when each came at first."""
    return sorted(zip(ends, starts, strict=True))


def _compared(need: Need, split: int, coming: Sequence[float], run: Run) -> Compared:
    rate = len(coming) / run.seconds if run.seconds else 0.0
    return Compared(
        stage=need.stage,
        events=len(coming),
        workers=need.workers,
        model=expected(rate, need.workers, split, need.cost),
        utilisation=run.busy / (need.workers * run.seconds) if run.seconds else 0.0,
        p95=percentile(run.waits, 0.95),
    )


def _window(plan: Plan, articles: float) -> tuple[float, float]:
    """The part of the day about the busiest hour that has so many articles."""
    seconds = min(float(DAY_SECONDS), articles / plan.load.busiest)
    begins = min(max(0.0, BUSIEST * 3600 - seconds / 2), DAY_SECONDS - seconds)
    return begins, begins + seconds


def arrivals(mean: float, peak: float, begins: float, ends: float, random: Random) -> list[float]:
    """Times of a Poisson process whose rate follows the hours of the day, in order."""
    found, now, most = [], begins, mean * peak * 1.000001
    while (now := now + random.expovariate(most)) < ends:
        if random.random() * most < mean * rate_at(now, peak):
            found.append(now)
    return found


def serve(
    arrivals: Sequence[float], servers: int, partitions: int, cost: Cost, random: Random
) -> Run:
    """Serve events that come at these times, in order, until none is left.

    A free server takes what waits of one partition, up to a slice; a partition has one server at a
    time. With no partitions any server takes any event by itself.
    """
    queues: defaultdict[int, deque[int]] = defaultdict(deque)
    ready, held = deque[int](), set[int]()  # held: partitions that are ready, or worked on
    out: list[tuple[float, int, int]] = []
    ends, waits = [0.0] * len(arrivals), [0.0] * len(arrivals)
    draw = _drawing(cost, random)
    free, at, there, busy, area = servers, 0, 0, 0.0, 0.0
    last = arrivals[0] if arrivals else 0.0
    while at < len(arrivals) or out:
        if out and (at == len(arrivals) or out[0][0] <= arrivals[at]):
            now, place, count = heapq.heappop(out)
            area, there, free = area + there * (now - last), there - count, free + 1
            if queues[place]:
                ready.append(place)
            else:
                del queues[place]
                held.discard(place)
        else:
            now, place = arrivals[at], random.randrange(partitions) if partitions else at
            area, there = area + there * (now - last), there + 1
            queues[place].append(at)
            if place not in held:
                ready.append(place)
                held.add(place)
            at += 1
        last = now
        while free and ready:
            place = ready.popleft()
            queue = queues[place]
            taken = [queue.popleft() for _ in range(min(cost.slice, len(queue)))]
            done = now + cost.batch
            for event in taken:
                waits[event] = done - arrivals[event]
                done += draw()
            for event in taken:
                ends[event] = done
            free, busy = free - 1, busy + done - now
            heapq.heappush(out, (done, place, len(taken)))
    seconds = last - arrivals[0] if arrivals else 0.0
    return Run(tuple(ends), tuple(waits), busy, area, seconds)


def _drawing(cost: Cost, random: Random) -> Callable[[], float]:
    """Draws an event's own time, between the steps of its spread as on straight lines."""
    spread, last = cost.spread, len(cost.spread) - 1
    mean = sum((low + high) / 2 for low, high in zip(spread, islice(spread, 1, None), strict=False))
    unit = cost.event * last / mean

    def draw() -> float:
        place = random.random() * last
        step = int(place)
        return unit * (spread[step] + (place - step) * (spread[step + 1] - spread[step]))

    return draw


def _drawn(share: float, random: Random) -> int:
    whole = int(share)
    return whole + (random.random() < share - whole)


def percentile(values: Sequence[float], share: float) -> float:
    """A value that there was, the nearest above; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
