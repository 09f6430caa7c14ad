"""The way of an event: which stage reads which topic, in which order, and where its output goes."""

import msgspec

from services.bus import Bus, Lag
from services.topics import ALERTS, ARTICLES, PAGES, Topic


class Step(msgspec.Struct, frozen=True):
    """A stage's place in the flow. Its consumer group has the stage's name."""

    stage: str
    takes: Topic
    gives: Topic | None
    slice_events: int
    """Events a slice: few where an event is slow, so that work spreads and a retry costs little."""
    single: bool
    """True when only one process may run it in the embedded mode."""


READ = Step("read", PAGES, ARTICLES, 16, single=False)
INDEX = Step("index", ARTICLES, None, 128, single=True)

ALERT = Step("alert", ARTICLES, ALERTS, 128, single=True)

FLOW = (READ, INDEX, ALERT)
STEPS = {step.stage: step for step in FLOW}


def lags(bus: Bus, upto: str | None = None) -> dict[str, list[Lag]]:
    """Stage to lag, in the order of the flow; up to and including one stage when it is named."""
    found: dict[str, list[Lag]] = {}
    for step in FLOW:
        found[step.stage] = bus.lag(step.stage, step.takes.name)
        if step.stage == upto:
            break
    return found


def drained(bus: Bus, stage: str) -> bool:
    """Whether nothing is left for a stage, and nothing can still come from the stages before it.

    The order of the look matters: a stage commits only after its output was published.
    """
    return all(not lag.records for found in lags(bus, stage).values() for lag in found)
