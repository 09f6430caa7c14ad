"""What one machine does at the most: what `beatwire bench scale` is compared with."""

from math import inf
from typing import Literal

from services.planning.costs import Costs, StageName
from services.planning.queues import expected
from services.topics import PAGES

BESIDE: tuple[StageName, ...] = ("index", "alert")


def pages_per_second(
    costs: Costs, readers: int, cores: int, backend: Literal["embedded", "real"]
) -> float:
    """Pages that become searchable a second, of a log that is full; no topics, no crawl beside it.

    Embedded: so many processes read, one indexes, one matches, and all share the cores. On servers
    (``real``) the same processes do all three, and the servers take cores, too.
    """
    if backend == "real":
        ours = sum(costs.stages[stage].full for stage in ("read", *BESIDE))
        return min(readers / ours, cores / (ours + costs.long.servers))
    low, high = 0.0, readers / costs.stages["read"].full
    for _ in range(60):
        rate = (low + high) / 2
        low, high = (rate, high) if _busy(costs, rate) <= cores else (low, rate)
    return low


def _busy(costs: Costs, rate: float) -> float:
    """Cores that are busy at a rate; slices of a stage that keeps up with it are small."""
    beside = [expected(rate, 1, PAGES.partitions, costs.stages[stage]) for stage in BESIDE]
    if any(each.p95 == inf for each in beside):
        return inf
    return rate * costs.stages["read"].full + sum(each.utilisation for each in beside)
