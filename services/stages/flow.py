"""The way of an event: which stage reads which topic, in which order, and where its output goes.

History (``pages.backfill``) goes the same way beside live news, by the same code in the same
processes, which turn to it while there is nothing live to do. It is indexed and told to nobody.
"""

import msgspec

from services.bus import Bus, Lag
from services.topics import (
    ALERTS,
    ARTICLES,
    ARTICLES_BACKFILL,
    PAGES,
    PAGES_BACKFILL,
    Topic,
)

STALL_SECONDS = 120.0
"""A stage with work that gets nothing done for so long stands still."""


class Step(msgspec.Struct, frozen=True):
    """A stage's place in the flow. Its consumer group has the stage's name."""

    stage: str
    takes: Topic
    gives: Topic | None
    slice_events: int
    """Events a slice: few where an event is slow, so that work spreads and a retry costs little."""
    single: bool
    """True when only one process may run it in the embedded mode."""
    work: str
    """What is done with the events, by ``bootstrap.open_stage``: live and history share it."""
    history: "Step | None" = None
    """What the same process does while there is nothing live to do."""


READ_BACKFILL = Step("read-backfill", PAGES_BACKFILL, ARTICLES_BACKFILL, 16, False, "read")
INDEX_BACKFILL = Step("index-backfill", ARTICLES_BACKFILL, None, 128, True, "index")
ALERT_BACKFILL = Step("alert-backfill", ARTICLES_BACKFILL, None, 128, True, "remember")

READ = Step("read", PAGES, ARTICLES, 16, False, "read", READ_BACKFILL)
INDEX = Step("index", ARTICLES, None, 128, True, "index", INDEX_BACKFILL)
ALERT = Step("alert", ARTICLES, ALERTS, 128, True, "alert", ALERT_BACKFILL)

LIVE = (READ, INDEX, ALERT)
"""A process (or several) each."""
HISTORY = (READ_BACKFILL, INDEX_BACKFILL, ALERT_BACKFILL)
FLOW = (*LIVE, *HISTORY)
STEPS = {step.stage: step for step in FLOW}


def lags(bus: Bus, upto: str | None = None) -> dict[str, list[Lag]]:
    """Stage to lag, in the order of the flow; of one stage and those before it when it is named."""
    return {step.stage: bus.lag(step.stage, step.takes.name) for step in _upto(upto)}


def waiting(bus: Bus) -> dict[str, int]:
    """Stage to the events that it has not brought to an end, in the order of the flow."""
    return {stage: sum(lag.records for lag in found) for stage, found in lags(bus).items()}


def drained(bus: Bus, stage: str) -> bool:
    """Whether nothing is left for a stage, and nothing can still come from the stages before it.

    The order of the look matters: a stage commits only after its output was published.
    """
    return all(not lag.records for found in lags(bus, stage).values() for lag in found)


def _upto(stage: str | None) -> tuple[Step, ...]:
    for line in (LIVE, HISTORY):
        for number, step in enumerate(line, 1):
            if step.stage == stage:
                return line[:number]
    return FLOW
