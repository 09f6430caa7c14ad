"""``beatwire bench flow``: from pages in the log to searchable articles, by the real commands."""

import subprocess
from collections.abc import Callable, Sequence
from time import perf_counter, sleep

import msgspec

from processors.query.tree import All
from services.bench.installation import Backend, Trial, command, started, trial
from services.bench.machine import Machine, this_machine
from services.bench.pages import feeds, serve_pages
from services.bootstrap import open_bus, open_index
from services.bus import Bus
from services.errors import UserError
from services.settings import Settings
from services.stages.flow import INDEX

LOOK_SECONDS = 0.2


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
                with trial(backend, count) as place:
                    runs.append(_run(backend, count, pages, port, place))
    return FlowBench(this_machine(), pages, tuple(runs))


def _run(backend: Backend, processes: int, pages: int, port: int, place: Trial) -> FlowRun:
    start = perf_counter()
    command(["crawl", *feeds(port, pages)], place.env)
    crawled = perf_counter() - start
    with open_bus(place.settings) as bus, started(["work"], place.env) as family:
        first, at_first = _searchable(bus, 1, family)
        last, at_last = _searchable(bus, pages, family)
    _check(place.settings, pages)
    seconds = max(last - first, LOOK_SECONDS)
    return FlowRun(
        backend=backend,
        processes=processes,
        crawl_pages_per_second=round(pages / crawled, 1),
        seconds=round(seconds, 1),
        pages_per_second=round((at_last - at_first) / seconds, 1),
    )


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
