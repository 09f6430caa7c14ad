"""What queueing theory says of a stage: how busy its workers are, and how long events wait.

Erlang's C for several servers, with Allen and Cunneen's factor for service times that are not
exponential, and a tail as an exponential has it (Gross et al., Fundamentals of Queueing Theory).
How many events share a slice is ours. It knows no bursts from the stage before: the simulation
does, and is the check. Beside it utilisation is right to 0.06 and a wait to a factor of two
(``tests/unit/test_planning_simulation.py``).
"""

import itertools
from math import inf, log

import msgspec

from services.planning.costs import Cost

_SHARE = 0.05
"""Of events that wait longer than p95."""


class Expected(msgspec.Struct, frozen=True):
    utilisation: float
    """The share of time that workers are busy."""
    p95: float
    """Seconds that an event waits until it is worked on."""


def expected(rate: float, servers: int, partitions: int, cost: Cost) -> Expected:
    """Of ``rate`` events a second. Partitions: 0 where any server takes any event by itself.

    Where a slice costs something by itself, workers are busy before they are at their limit:
    events of one partition that wait together share a slice, and only full ones end it.
    """
    if rate <= 0:
        return Expected(0.0, 0.0)
    working = min(servers, partitions) if partitions else servers
    if rate * cost.full >= working:
        return Expected(1.0, inf)
    events = _events_a_slice(rate, working, partitions, cost) if partitions else 1.0
    took = cost.event + cost.batch / events
    utilisation = min(1.0, rate * took / working)
    wait = _tail(rate, working, took, _varies(cost, took))
    if partitions:
        wait = max(wait, _tail(rate / partitions, 1, took, _varies(cost, took)))
        # At worst each partition waits until all others have had a slice.
        wait = min(wait, partitions / working * (cost.batch + events * cost.event))
    return Expected(utilisation * working / servers, cost.batch + wait)


def _events_a_slice(rate: float, working: int, partitions: int, cost: Cost) -> float:
    """How many share a slice: one, and those that wait meanwhile in its partition.

    The more they are the less they wait, so both are found together, by halving.
    """
    low, high = 1.0, float(cost.slice)
    for _ in range(40):
        events = (low + high) / 2
        took = cost.event + cost.batch / events
        waiting = rate * _mean_wait(rate, working, took, _varies(cost, took))
        if 1 + waiting / partitions > events:
            low = events
        else:
            high = events
    return high


def _varies(cost: Cost, took: float) -> float:
    return squared_variation(cost.spread) * (cost.event / took) ** 2


def _mean_wait(rate: float, servers: int, service: float, varies: float) -> float:
    """Seconds on average before service begins; infinite where more comes than is served."""
    offered = rate * service
    if offered >= servers:
        return inf
    return erlang_c(servers, offered) * service / (servers - offered) * (1 + varies) / 2


def _tail(rate: float, servers: int, service: float, varies: float) -> float:
    """Seconds before service begins, for 95 of 100: of those that wait, as an exponential has."""
    mean = _mean_wait(rate, servers, service, varies)
    if mean == inf:
        return inf
    waiting = erlang_c(servers, rate * service)
    return log(waiting / _SHARE) * mean / waiting if waiting > _SHARE else 0.0


def erlang_c(servers: int, offered: float) -> float:
    """The share of events that find all servers busy; ``offered`` is less than ``servers``."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - offered / servers * (1 - blocked))


def squared_variation(spread: tuple[float, ...]) -> float:
    """The variance of a spread by the square of its mean, between its steps as straight lines."""
    parts = list(itertools.pairwise(spread))
    mean = sum((low + high) / 2 for low, high in parts) / len(parts)
    square = sum((low * low + low * high + high * high) / 3 for low, high in parts) / len(parts)
    return max(0.0, square / (mean * mean) - 1) if mean else 0.0
