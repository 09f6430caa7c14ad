"""Logs copied event by event, to the same offsets: from any kind of log to any other."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from services.bus import BEGINNING, Bus, Event, Log, Slice, Stored
from services.stages.backlog import patiently
from services.stages.flow import FLOW
from services.topics import TOPICS

AT_ONCE = 32
"""Events in hand; each may have as many bytes as its topic allows."""
NOTHING = Event(id="", type="", key="", time=datetime.fromtimestamp(0, UTC), data=b"")
"""Stands for a moment where a partition ends all of whose events are gone."""
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
    """All that is in a log now, a slice a partition; an empty one where all that it had is gone."""
    found = []
    for topic in TOPICS:
        starts = log.offsets_for(topic, BEGINNING)
        found += [
            Slice(topic, lag.partition, starts.get(lag.partition, 0), lag.end - 1)
            for lag in log.lag(READER, topic)
            if lag.end
        ]
    return found


def copy_events(source: Bus, target: Log, tell: Callable[[int, int], None]) -> None:
    """Put everything that is in ``source`` now into an empty log, at the same offsets.

    A log that is away is waited for. Raises TryLater when it is away for long.
    """
    parts = contents(source)
    done, total = 0, sum(map(len, parts))
    for part in parts:
        for first in range(part.first, part.last + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, part.last)
            piece = Slice(part.topic, part.partition, first, last)
            _put_back(target, piece, patiently(partial(source.read, piece), time.sleep))
            done += len(piece)
            tell(done, total)
        if not part:
            _put_back(target, part, [Stored(part.partition, part.last, NOTHING)])
        # Below it, logs that cannot leave offsets out hold empty events.
        target.forget(part.topic, {part.partition: part.first})


def _put_back(target: Log, part: Slice, stored: Sequence[Stored]) -> None:
    """Again while the log is away, without what had come there when its answer was lost."""
    tried = False

    def act() -> None:
        nonlocal tried
        end = _end(target, part) if tried else 0
        tried = True
        target.put_back(part.topic, [each for each in stored if each.offset >= end])

    patiently(act, time.sleep)


def _end(log: Bus, part: Slice) -> int:
    ends = {lag.partition: lag.end for lag in log.lag(READER, part.topic)}
    return ends.get(part.partition, 0)


def counts(log: Bus) -> dict[str, int]:
    """Topic to the events in it."""
    found = dict.fromkeys(TOPICS, 0)
    for part in contents(log):
        found[part.topic] += len(part)
    return found
