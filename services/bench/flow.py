"""``beatwire bench flow``: from pages in the log to searchable articles, by the real commands."""

import subprocess
from collections.abc import Callable, Sequence
from time import perf_counter, sleep

import msgspec

from processors.query.tree import All
from services.bench.extraction_bare import PEER, bare_pages_per_second
from services.bench.installation import Backend, Trial, command, started, trial
from services.bench.machine import Machine, this_machine
from services.bench.pages import feeds, newsroom_bodies, serve_pages
from services.bootstrap import open_bus, open_index
from services.bus import Bus
from services.errors import UserError
from services.settings import Settings
from services.stages.flow import INDEX

LOOK_SECONDS = 0.2
MOST_BARE = 150
"""Pages of the bare script: its pace does not change."""


class FlowRun(msgspec.Struct, frozen=True):
    backend: Backend
    processes: int
    """Processes that read: the rest (dispatchers, indexer, servers) comes on top."""
    crawl_pages_per_second: float
    """The crawl alone, before anything else ran."""
    seconds: float
    """From the first searchable articles to the last, so that no start is in it."""
    pages_per_second: float
    ratio: float | None = None
    """To the bare script's pages a second."""
    of_embedded: float | None = None
    """Of a run on servers: to the embedded one with as many processes, in the same bench."""


class FlowBench(msgspec.Struct, frozen=True):
    machine: Machine
    pages: int
    bare_pages_per_second: float
    runs: tuple[FlowRun, ...]


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
                    runs.append(flow_run(backend, count, pages, port, place))
    tell(PEER)
    bare = bare_pages_per_second(newsroom_bodies(), min(pages, MOST_BARE))
    return FlowBench(this_machine(), pages, bare, compared(runs, bare))


def compared(runs: Sequence[FlowRun], bare: float) -> tuple[FlowRun, ...]:
    """The runs with their ratios."""
    embedded = {run.processes: run.pages_per_second for run in runs if run.backend == "embedded"}

    def ratios(run: FlowRun) -> FlowRun:
        beside = embedded.get(run.processes) if run.backend == "real" else None
        return msgspec.structs.replace(
            run,
            ratio=round(run.pages_per_second / bare, 2),
            of_embedded=round(run.pages_per_second / beside, 2) if beside else None,
        )

    return tuple(map(ratios, runs))


def flow_run(backend: Backend, processes: int, pages: int, port: int, place: Trial) -> FlowRun:
    """Crawl these pages, then read and index them. Raises as ``bench_flow``."""
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
