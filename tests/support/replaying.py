"""A log with news that was done, as a home folder has it, and what is put on it once more."""

from collections.abc import Iterable
from datetime import UTC, datetime

from processors.records import Article, encode
from services.bootstrap import open_bus, open_index, open_stage, open_store
from services.bus import Bus, Event
from services.settings import load_settings
from services.stages.flow import FLOW
from services.stages.runner import run_slice

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def as_event(made: Article) -> Event:
    """As stage ``read`` gives it."""
    milliseconds = int(made.fetched_at.timestamp() * 1000)
    return Event(
        id=f"{made.id}-{milliseconds}",
        type="article/1",
        key=made.id,
        time=made.fetched_at,
        data=encode(made),
    )


def publish(articles: Iterable[Article], topic: str = "articles") -> None:
    with open_bus(load_settings()) as bus:
        bus.publish(topic, [as_event(each) for each in articles])


def work(*stages: str) -> None:
    """Bring what waits for these stages to its end, in their order."""
    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        for step in (step for step in FLOW if step.stage in stages):
            stage = open_stage(step.work, settings)
            while parts := bus.poll(step.stage, step.takes.name, slices=99):
                for part in parts:
                    run_slice(step, stage, part, bus=bus, store=store, now=lambda: NOON)
                    bus.commit(step.stage, part)
            stage.close()


def pass_by(bus: Bus, *stages: str) -> None:
    """Let these stages have done all that is there, as if a worker had."""
    for step in (step for step in FLOW if step.stage in stages):
        while parts := bus.poll(step.stage, step.takes.name, slices=99):
            for part in parts:
                bus.commit(step.stage, part)


def waiting(bus: Bus, stage: str) -> int:
    step = next(step for step in FLOW if step.stage == stage)
    return sum(lag.records for lag in bus.lag(stage, step.takes.name))


def contents() -> list[Article]:
    """Everything that is in the index of the home folder."""
    with open_index(load_settings()) as index:
        return list(index.every())
