"""Logs copied event by event, to the same offsets: from any kind of log to any other."""

from collections.abc import Callable, Mapping

from services.bus import BEGINNING, Bus, Log, Slice
from services.stages.flow import FLOW
from services.topics import TOPICS

AT_ONCE = 200
"""Events in hand; each may have as many bytes as its topic allows."""
READER = "keeping"
"""The name under which a log is asked where it ends; its position there is never used."""

Positions = Mapping[str, Mapping[int, int]]
"""Stage to partition to the first offset that is not done."""


def positions(log: Bus) -> Positions:
    """What each stage has done."""
    return {
        step.stage: {lag.partition: lag.committed for lag in log.lag(step.stage, step.takes.name)}
        for step in FLOW
    }


def set_positions(log: Log, wanted: Positions) -> None:
    for step in FLOW:
        log.move_to(step.stage, step.takes.name, wanted.get(step.stage, {}))


def contents(log: Bus) -> list[Slice]:
    """All that is in a log now, a slice a partition."""
    found = []
    for topic in TOPICS:
        starts = log.offsets_for(topic, BEGINNING)
        found += [
            Slice(topic, lag.partition, first, lag.end - 1)
            for lag in log.lag(READER, topic)
            if (first := starts.get(lag.partition, 0)) < lag.end
        ]
    return found


def copy_events(source: Bus, target: Log, tell: Callable[[int, int], None]) -> None:
    """Put everything that is in ``source`` now into an empty log, at the same offsets."""
    parts = contents(source)
    done, total = 0, sum(map(len, parts))
    for part in parts:
        for first in range(part.first, part.last + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, part.last)
            piece = Slice(part.topic, part.partition, first, last)
            target.put_back(part.topic, source.read(piece))
            done += len(piece)
            tell(done, total)
        # Below it, logs that cannot leave offsets out hold empty events.
        target.forget(part.topic, {part.partition: part.first})


def counts(log: Bus) -> dict[str, int]:
    """Topic to the events in it."""
    found = dict.fromkeys(TOPICS, 0)
    for part in contents(log):
        found[part.topic] += len(part)
    return found
