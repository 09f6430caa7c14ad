"""The ways to run stages: one in this process, all as a family, and all with crawl and pages."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NamedTuple

from services import bootstrap
from services.errors import UserError
from services.keeping.daily import prune_daily
from services.lockfile import FAMILY, take_lock
from services.loopback import ADDRESS, refusal
from services.probing.dependencies import EVERYTHING, Need
from services.probing.exposition import show
from services.probing.looked_up import LagSeen
from services.probing.probes import Probes
from services.probing.process import probed
from services.probing.pulse import TURN_SECONDS, WORK_SECONDS
from services.rendering import check_renderer
from services.settings import Settings, load_settings
from services.stages.flow import INDEX, LIVE, STEPS, Step, waiting
from services.tracing import start_tracing
from services.workers.dispatcher import Dispatcher
from services.workers.hands import ByBroker, Hands, InProcess
from services.workers.opening import when_there
from services.workers.process import process
from services.workers.supervisor import Member, stop_on_signals, supervise
from services.workers.suspects import Suspects
from services.workers.tasks import TASKS, installation

STOPPED = 75
"""EX_TEMPFAIL of sysexits.h: what is left can be done by calling it again."""

Ends = dict[str, dict[str, int]]
"""Stage to outcome to count."""


def run_stage(name: str, *, drain: bool) -> None:
    """Be one member of a stage's group; its slices run here or, with a broker, on Celery workers.

    History is worked on in the same process, behind live news. Raises LockedError when the stage
    may run only once and another process runs it.
    """
    stop, settings = stop_on_signals(), load_settings()
    # Slices that run elsewhere hold up no turn here.
    turn = TURN_SECONDS if settings.broker else WORK_SECONDS
    needs = needs_of(name, settings)
    with probed(settings, name, needs, turn=turn) as probes, ExitStack() as hands:
        start_tracing(settings, name)
        hands.callback(process().close)
        beat = probes.pulse.beat
        found = when_there(lambda: _dispatchers(name, settings, hands, beat), stop)
        if found is not None:
            probes.started()
            if not drain:
                prune_daily(settings, stop)
            found.run(stop, drain=drain)
            probes.leave()


def needs_of(name: str, settings: Settings) -> tuple[Need, ...]:
    """What the process of a stage asks itself: its slices may run in it, or on workers."""
    writes = name == INDEX.stage and not settings.broker
    return EVERYTHING if writes else ("bus", "store")


def _dispatchers(
    name: str, settings: Settings, opened: ExitStack, beat: Callable[[], None]
) -> Dispatcher:
    """The one of a stage, with that of history behind it."""
    own = process()
    own.bus, own.store  # noqa: B018 - opened before what takes long
    if not settings.broker:
        own.stage(name)  # What is missing or locked is said now, not at the first slice.
    seen = LagSeen()
    show(seen)
    one = partial(_dispatcher, settings=settings, opened=opened, beat=beat, seen=seen)
    history = STEPS[name].history
    return one(STEPS[name], behind=one(history) if history else None)


def _dispatcher(
    step: Step,
    *,
    settings: Settings,
    opened: ExitStack,
    beat: Callable[[], None],
    seen: LagSeen,
    behind: Dispatcher | None = None,
) -> Dispatcher:
    own, task = process(), TASKS[step.stage]
    hands: Hands = (
        ByBroker(task, installation())
        if settings.broker
        else InProcess(task, installation(), Suspects(settings.home / "running", step.stage))
    )
    opened.callback(hands.close)
    # One slice of each partition runs at a time, so more would only wait.
    window = step.takes.partitions if settings.broker else 1
    bury = partial(own.bury, step)
    return Dispatcher(
        step,
        own.bus,
        hands,
        window=window,
        bury=bury,
        behind=behind,
        beat=beat,
        saw=seen.note,
    )


def run_all() -> int:
    """Run every stage, each in its own processes, until a signal; the exit code."""
    settings, stop = load_settings(), stop_on_signals()
    with _alone(settings), probed(settings, "work", EVERYTHING) as probes:
        check = partial(bootstrap.check_ports, settings)
        return _run(lambda: _workers(settings), check, stop, probes)


def _run(
    family: Callable[[], list[Member]],
    check: Callable[[], None],
    stop: threading.Event,
    probes: Probes,
) -> int:
    """Run a family once its servers are there; the exit code.

    ``check`` raises what is damaged, outdated or wrongly set before any process starts.
    """
    when_there(check, stop)
    if stop.is_set():
        return 0
    probes.started()
    code = supervise(family(), stop, beat=probes.pulse.beat)
    probes.leave()
    return code


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
        bootstrap.check_ports(settings)
        before = store.outcomes()
        backlog = _backlog(settings)
        family = _workers(settings, backlog) if backlog else []
        code = supervise(family, stop_on_signals(), once=True)
        after = store.outcomes()
        left = _backlog(settings) if backlog else 0
    more = {stage: _more(ends, before.get(stage, {})) for stage, ends in after.items()}
    return Drained(code or (STOPPED if left else 0), more, left)


def run_everything(port: int | None, *, pages: bool = True) -> int:
    """Crawl schedule, stages and (unless others serve them) web pages in one process tree.

    The exit code.

    Raises UserError when the port of the pages cannot be had, SettingsError when nobody could log
    in to them or no browser can render, LockedError when it runs already.
    """
    settings = load_settings()
    check_renderer(settings)
    wanted = settings.port if port is None else port
    stop = stop_on_signals()
    with _alone(settings), probed(settings, "up", EVERYTHING) as probes:
        if pages and (reason := refusal(wanted)):
            raise UserError(
                f"port {wanted} cannot be used ({reason}); stop what uses it, or choose another: "
                f"beatwire up --port {wanted + 1 if wanted < 65535 else 0}"
            )

        def check() -> None:
            bootstrap.check_ports(settings)
            if pages:
                bootstrap.check_accounts(settings, ADDRESS)

        every = ("--every", str(settings.poll_every))

        def family() -> list[Member]:
            found = [Member("crawl", "crawlers", every, silent=True), *_workers(settings)]
            if pages:
                # Who took the port over from it would meet its successor, as it is started again.
                options = ("--port", str(wanted), "--no-hand-over")
                found.append(Member("pages", "services.cli", ("serve", *options)))
            return found

        return _run(family, check, stop, probes)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Be the only family in the home folder."""
    home = settings.home

    def taken(pid: str) -> str:
        return f"already running as pid {pid} in {home}; stop it first, or set BEATWIRE_HOME"

    with take_lock(home / FAMILY, taken):
        yield


def _workers(settings: Settings, backlog: int | None = None) -> list[Member]:
    """The processes that run the stages.

    With a ``backlog``, no more than there is work for, and each until it is worked off.
    """
    drain = ("--drain",) if backlog is not None else ()
    if settings.broker:
        family = [_stage(step.stage, 1, drain) for step in LIVE]
        return [*family, _sender(drain), *([_celery(settings.workers)] if settings.workers else [])]
    family = [_sender(drain)]
    for step in LIVE:
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
        return sum(waiting(bus).values())


def _more(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {name: n for name, count in after.items() if (n := count - before.get(name, 0)) > 0}
