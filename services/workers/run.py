"""The ways to run stages: one in this process, all as a family, and all with crawl and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from services import bootstrap
from services.errors import UserError
from services.lockfile import take_lock
from services.loopback import refusal
from services.settings import Settings, load_settings
from services.stages.flow import FLOW, STEPS, lags
from services.workers.dispatcher import Dispatcher
from services.workers.process import process
from services.workers.supervisor import Member, stop_on_signals, supervise
from services.workers.tasks import TASKS

LOCK = "family.lock"

Ends = dict[str, dict[str, int]]
"""Stage to outcome to count."""


def run_stage(name: str, *, drain: bool) -> None:
    """Be one member of a stage's group, with its tasks called in this process.

    Raises LockedError when the stage may run only once and another process runs it.
    """
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


def run_all() -> int:
    """Run every stage, each in its own processes, until a signal; the exit code."""
    settings = load_settings()
    with _alone(settings):
        return supervise(_workers(settings), stop_on_signals())


def drain_all() -> tuple[int, Ends]:
    """Run every stage until nothing is left; the exit code, and how the events ended."""
    settings = load_settings()
    with _alone(settings), bootstrap.open_store(settings) as store:
        before = store.outcomes()
        backlog = _backlog(settings)
        family = _workers(settings, backlog) if backlog else []
        code = supervise(family, stop_on_signals(), once=True)
        after = store.outcomes()
    return code, {stage: _more(ends, before.get(stage, {})) for stage, ends in after.items()}


def run_everything(port: int | None) -> int:
    """Crawl schedule, stages and web pages in one process tree; the exit code.

    Raises UserError when the port of the pages cannot be had, LockedError when it runs already.
    """
    settings = load_settings()
    wanted = settings.port if port is None else port
    with _alone(settings):
        if reason := refusal(wanted):
            raise UserError(
                f"port {wanted} cannot be used ({reason}); stop what uses it, or choose another: "
                f"beatwire up --port {wanted + 1 if wanted < 65535 else 0}"
            )
        every = ("--every", str(settings.poll_every))
        family = [
            Member("crawl", "crawlers", every, silent=True),
            *_workers(settings),
            Member("pages", "services.cli", ("serve", "--port", str(wanted))),
        ]
        return supervise(family, stop_on_signals())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Be the only family in the home folder, with everything in it ready to be used."""
    home = settings.home

    def taken(pid: str) -> str:
        return f"already running as pid {pid} in {home}; stop it first, or set BEATWIRE_HOME"

    with take_lock(home / LOCK, taken):
        bootstrap.check_ports(settings)
        yield


def _workers(settings: Settings, backlog: int | None = None) -> list[Member]:
    """One process a core for the stages that may have several.

    With a ``backlog``, no more than there is work for, and each until it is worked off.
    """
    family: list[Member] = []
    for step in FLOW:
        count = 1 if step.single else settings.workers
        if backlog is not None:
            count = min(count, max(1, backlog // step.slice_events))
        args = ("work", step.stage, *(["--drain"] if backlog is not None else []))
        family += [Member(f"{step.stage}-{n}", "services.cli", args) for n in range(1, count + 1)]
    return family


def _backlog(settings: Settings) -> int:
    """Events that no stage has brought to an end."""
    with bootstrap.open_bus(settings) as bus:
        return sum(lag.records for found in lags(bus).values() for lag in found)


def _more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: n for name, count in after.items() if (n := count - before.get(name, 0)) > 0}
