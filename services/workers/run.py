"""The ways to run stages: one in this process, all as a family, and all with crawl and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import NamedTuple

from services import bootstrap
from services.errors import UserError
from services.lockfile import take_lock
from services.loopback import ADDRESS, refusal
from services.metrics_endpoint import start_metrics
from services.settings import Settings, load_settings
from services.stages.flow import FLOW, STEPS, lags
from services.workers.dispatcher import Dispatcher
from services.workers.hands import ByBroker, Hands, InProcess
from services.workers.process import process
from services.workers.supervisor import Member, stop_on_signals, supervise
from services.workers.tasks import TASKS, installation

LOCK = "family.lock"
STOPPED = 75
"""EX_TEMPFAIL of sysexits.h: what is left can be done by calling it again."""

Ends = dict[str, dict[str, int]]
"""Stage to outcome to count."""


def run_stage(name: str, *, drain: bool) -> None:
    """Be one member of a stage's group; its slices run here or, with a broker, on Celery workers.

    Raises LockedError when the stage may run only once and another process runs it.
    """
    stop, settings = stop_on_signals(), load_settings()
    step, own = STEPS[name], process()
    start_metrics(settings)
    hands: Hands
    if settings.broker:
        # One slice of each partition runs at a time, so more would only wait.
        hands, window = ByBroker(TASKS[name], installation()), step.takes.partitions
    else:
        own.stage(name)  # What is missing or locked is said now, not at the first slice.
        hands, window = InProcess(TASKS[name], installation()), 1
    bury = partial(own.bury, step)
    try:
        Dispatcher(step, own.bus, hands, window=window, bury=bury).run(stop, drain=drain)
    finally:
        hands.close()
        own.close()


def run_all() -> int:
    """Run every stage, each in its own processes, until a signal; the exit code."""
    settings = load_settings()
    with _alone(settings):
        return supervise(_workers(settings), stop_on_signals())


class Drained(NamedTuple):
    """What a drain did."""

    code: int
    ends: Ends
    left: int
    """Events that are still to be done, because it was stopped or failed."""


def drain_all() -> Drained:
    """Run every stage until nothing is left, or until it is stopped."""
    settings = load_settings()
    with _alone(settings), bootstrap.open_store(settings) as store:
        before = store.outcomes()
        backlog = _backlog(settings)
        family = _workers(settings, backlog) if backlog else []
        code = supervise(family, stop_on_signals(), once=True)
        after = store.outcomes()
        left = _backlog(settings) if backlog else 0
    more = {stage: _more(ends, before.get(stage, {})) for stage, ends in after.items()}
    return Drained(code or (STOPPED if left else 0), more, left)


def run_everything(port: int | None) -> int:
    """Crawl schedule, stages and web pages in one process tree; the exit code.

    Raises UserError when the port of the pages cannot be had, SettingsError when nobody could log
    in to them, LockedError when it runs already.
    """
    settings = load_settings()
    wanted = settings.port if port is None else port
    with _alone(settings):
        if reason := refusal(wanted):
            raise UserError(
                f"port {wanted} cannot be used ({reason}); stop what uses it, or choose another: "
                f"beatwire up --port {wanted + 1 if wanted < 65535 else 0}"
            )
        bootstrap.check_accounts(settings, ADDRESS)
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
    """The processes that run the stages.

    With a ``backlog``, no more than there is work for, and each until it is worked off.
    """
    drain = ("--drain",) if backlog is not None else ()
    if settings.broker:
        family = [_stage(step.stage, 1, drain) for step in FLOW]
        return [*family, _sender(drain), *([_celery(settings.workers)] if settings.workers else [])]
    family = [_sender(drain)]
    for step in FLOW:
        count = 1 if step.single else max(settings.workers, 1)
        if backlog is not None:
            count = min(count, max(1, backlog // step.slice_events))
        family += [_stage(step.stage, number, drain) for number in range(1, count + 1)]
    return family


def _stage(name: str, number: int, options: tuple[str, ...]) -> Member:
    return Member(f"{name}-{number}", "services.cli", ("work", name, *options))


def _sender(options: tuple[str, ...]) -> Member:
    return Member("deliver", "services.cli", ("deliver", *options), silent=True)


def _celery(processes: int) -> Member:
    """A Celery worker for all queues; it ends with the last member that does work of its own."""
    options = ("--concurrency", str(processes), "--loglevel", "WARNING", "--without-gossip")
    args = ("-A", "services.workers.app", "worker", *options, "--without-mingle")
    return Member("celery", "celery", args, silent=True, helper=True)


def _backlog(settings: Settings) -> int:
    """Events that no stage has brought to an end."""
    with bootstrap.open_bus(settings) as bus:
        return sum(lag.records for found in lags(bus).values() for lag in found)


def _more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: n for name, count in after.items() if (n := count - before.get(name, 0)) > 0}
