"""``beatwire bench flow``: from pages in the log to searchable articles, by the real commands."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter, sleep
from typing import Literal, NamedTuple

import msgspec

from processors.query.tree import All
from services.bench.machine import Machine, this_machine
from services.bench.pages import ADDRESS, feeds, hosts, serve_pages
from services.bootstrap import open_bus, open_index, trial_servers
from services.bus import Bus
from services.errors import UserError
from services.settings import Settings
from services.stages.flow import INDEX

LOOK_SECONDS = 0.2
COMMAND = (sys.executable, "-m", "services.cli")

Backend = Literal["embedded", "real"]


class FlowRun(msgspec.Struct, frozen=True):
    backend: Backend
    processes: int
    """Processes that read: the rest (dispatchers, indexer, servers) comes on top."""
    crawl_pages_per_second: float
    """The crawl alone, before anything else ran."""
    seconds: float
    """From the first searchable articles to the last, so that no start is in it."""
    pages_per_second: float


class FlowBench(msgspec.Struct, frozen=True):
    machine: Machine
    pages: int
    runs: tuple[FlowRun, ...]

    def ratio(self, processes: int) -> float | None:
        """Real servers against embedded at the same number of processes, in the same bench."""
        rates = {
            run.backend: run.pages_per_second for run in self.runs if run.processes == processes
        }
        return round(rates["real"] / rates["embedded"], 2) if len(rates) == 2 else None


class Trial(NamedTuple):
    """An installation for one run: its settings, for this process and as environment."""

    settings: Settings
    env: Mapping[str, str]


def bench_flow(
    pages: int, backends: Sequence[Backend], processes: Sequence[int], tell: Callable[[str], None]
) -> FlowBench:
    """Serve ``pages`` pages on loopback, crawl them, then read and index them.

    The pages are those of the sample newsroom, each served under many addresses.
    Raises UserError when not every page becomes searchable, because then no figure is true.
    """
    runs = []
    with serve_pages(pages) as port:
        for count in processes:
            for backend in backends:
                tell(f"{pages} pages, {backend}, {count} reading")
                with _trial(backend, count) as trial:
                    runs.append(_run(backend, count, pages, port, trial))
    return FlowBench(this_machine(), pages, tuple(runs))


def _run(backend: Backend, processes: int, pages: int, port: int, trial: Trial) -> FlowRun:
    start = perf_counter()
    _command(["crawl", *feeds(port, pages)], trial.env)
    crawled = perf_counter() - start
    with open_bus(trial.settings) as bus, _started(["work"], trial.env) as family:
        first, at_first = _searchable(bus, 1, family)
        last, at_last = _searchable(bus, pages, family)
    _check(trial.settings, pages)
    seconds = max(last - first, LOOK_SECONDS)
    return FlowRun(
        backend=backend,
        processes=processes,
        crawl_pages_per_second=round(pages / crawled, 1),
        seconds=round(seconds, 1),
        pages_per_second=round((at_last - at_first) / seconds, 1),
    )


@contextmanager
def _trial(backend: Backend, processes: int) -> Iterator[Trial]:
    """An empty installation; the real one on the servers of the settings, and removed again."""
    servers: AbstractContextManager[dict[str, str]]
    servers = trial_servers(Settings()) if backend == "real" else nullcontext({})
    with tempfile.TemporaryDirectory(prefix="beatwire-bench-") as home, servers as addresses:
        env = {name: value for name, value in os.environ.items() if "BEATWIRE" not in name}
        env |= {
            "BEATWIRE_HOME": home,
            "BEATWIRE_ALLOW_NETWORKS": f"{ADDRESS}/32",
            "BEATWIRE_HOSTS": ",".join(f"{host}={ADDRESS}" for host in hosts()),
            "BEATWIRE_CRAWL_DELAY": "0",
            "BEATWIRE_WORKERS": str(processes),
        }
        env |= {f"BEATWIRE_{name.upper()}": address for name, address in addresses.items()}
        unset = dict.fromkeys(("bus", "index", "store", "broker"), "")
        settings = Settings.model_validate({"home": home, **unset, **addresses})
        yield Trial(settings, env)


@contextmanager
def _started(args: Sequence[str], env: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([*COMMAND, *args], env=env, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _searchable(bus: Bus, wanted: int, family: "subprocess.Popen[bytes]") -> tuple[float, int]:
    """The time when at least ``wanted`` articles were indexed, and how many there were."""
    while (found := sum(lag.committed for lag in bus.lag(INDEX.stage, INDEX.takes.name))) < wanted:
        if family.poll() is not None:
            raise UserError(f"bench flow: work ended early, with {family.returncode}")
        sleep(LOOK_SECONDS)
    return perf_counter(), found


def _check(settings: Settings, pages: int) -> None:
    sleep(1)  # What was put is visible within a second.
    with open_index(settings) as index:
        found = index.search(All(), limit=1).total
    if found != pages:
        raise UserError(
            f"bench flow: {found} of {pages} pages became searchable; no figure is given"
        )


def _command(args: Sequence[str], env: Mapping[str, str]) -> None:
    done = subprocess.run([*COMMAND, *args], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"bench flow: {args[0]} failed: {done.stderr.strip()[-500:]}")
