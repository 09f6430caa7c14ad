"""The ways to run stages: one in this process, all as a family, and all with crawl and pages."""

from typing import Any

from services import bootstrap
from services.errors import UserError
from services.settings import Settings, load_settings
from services.stages.flow import FLOW, STEPS, lags
from services.workers.dispatcher import Dispatcher
from services.workers.process import process
from services.workers.supervisor import Member, stop_on_signals, supervise
from services.workers.tasks import TASKS


def run_stage(name: str, *, drain: bool) -> None:
    """Be one member of a stage's group, with its tasks called in this process.

    Raises UserError for a stage that does not exist, LockedError when it may run only once.
    """
    if name not in STEPS:
        raise UserError(f"no stage {name!r}; the stages are {', '.join(STEPS)}")
    stop = stop_on_signals()
    step = STEPS[name]
    process().stage(name)  # What is missing or locked is said now, not at the first slice.
    task = TASKS[name]

    def send(part: dict[str, Any]) -> Any:
        return task.apply(args=(part,))

    try:
        Dispatcher(step, process().bus, send).run(stop, drain=drain)
    finally:
        process().close()


def run_all(*, drain: bool) -> int:
    """Run every stage, each in its own processes; the exit code."""
    settings = load_settings()
    if drain and not _backlog(settings):
        return 0
    return supervise(_workers(settings, drain=drain), stop_on_signals(), once=drain)


def run_everything(port: int | None) -> int:
    """Crawl schedule, stages and web pages in one process tree; the exit code."""
    settings = load_settings()
    pages = ("serve",) if port is None else ("serve", "--port", str(port))
    family = [
        Member("crawl", "crawlers", ("--every", str(settings.poll_every))),
        *_workers(settings, drain=False),
        Member("pages", "services.cli", pages),
    ]
    return supervise(family, stop_on_signals())


def _workers(settings: Settings, *, drain: bool) -> list[Member]:
    """One process a core for the stages that may have several, no more than there is work for."""
    family: list[Member] = []
    for step in FLOW:
        count = 1 if step.single else settings.workers
        if drain and not step.single:
            count = min(count, max(1, _backlog(settings) // step.slice_events))
        args = ("work", step.stage, *(["--drain"] if drain else []))
        family += [Member(f"{step.stage}-{n}", "services.cli", args) for n in range(1, count + 1)]
    return family


def _backlog(settings: Settings) -> int:
    """Events that no stage has brought to an end."""
    with bootstrap.open_bus(settings) as bus:
        return sum(lag.records for found in lags(bus).values() for lag in found)
