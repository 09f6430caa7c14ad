"""Events, and steps with them on any ``Bus``."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.bus import Bus, Event, Slice, Stored
from services.bus.sqlite import SqliteBus
from services.metrics import REFUSED_EVENTS

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEVERAL = "pages"
"""A topic of several partitions."""
SINGLE = "dead"
"""A topic of one partition."""
PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.02
AT_ONCE = 200


def event(key: str, number: int = 0, *, data: bytes = b"{}", minutes: float = 0) -> Event:
    return Event(
        id=f"{key}#{number}",
        type="page/1",
        key=key,
        time=NOON + timedelta(minutes=minutes),
        data=data,
    )


def events(number: int, *, data: bytes = b"{}") -> list[Event]:
    return [event(f"key {each}", data=data, minutes=each) for each in range(number)]


def ids(stored: Iterable[Stored]) -> list[str]:
    return [each.event.id for each in stored]


def poll(
    bus: Bus, group: str, topic: str, *, most: int = 32, slices: int = 1, evenly: bool = False
) -> list[Slice]:
    """Ask until something comes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (parts := bus.poll(group, topic, most=most, slices=slices, evenly=evenly)):
        assert time.monotonic() < deadline, f"nothing came for {group} on {topic}"
        time.sleep(PAUSE_SECONDS)
    return parts


def drain(bus: Bus, group: str, topic: str, *, most: int = 32) -> list[Stored]:
    """Read and commit until nothing is left."""
    found: list[Stored] = []
    while left(bus, group, topic):
        for part in poll(bus, group, topic, most=most):
            found += bus.read(part)
            bus.commit(group, part)
    return found


def committed(bus: Bus, group: str, topic: str) -> dict[int, int]:
    return {lag.partition: lag.committed for lag in bus.lag(group, topic)}


def refused_events(reason: str) -> float:
    return float(REFUSED_EVENTS.labels(topic=SEVERAL, reason=reason)._value.get())


def left(bus: Bus, group: str, topic: str) -> int:
    return sum(lag.records for lag in bus.lag(group, topic))


def log_of(bus: Bus, topic: str) -> Iterator[Stored]:
    """Everything that is on a topic, partition by partition."""
    for lag in bus.lag("look", topic):
        for first in range(0, lag.end, AT_ONCE):
            last = min(first + AT_ONCE, lag.end) - 1
            yield from bus.read(Slice(topic, lag.partition, first, last))


def on_the_log(bus: Bus, topic: str) -> Counter[str]:
    """How often each event is on a topic."""
    return Counter(ids(log_of(bus, topic)))


@contextmanager
def sqlite_members(path: Path) -> Iterator[Callable[[], SqliteBus]]:
    """Opens one more member on a log, as often as it is called; all are closed at the end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(SqliteBus(path))
