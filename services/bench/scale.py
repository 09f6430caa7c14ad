"""``beatwire bench scale``: what more reading processes bring, beside what the plan says."""

from collections.abc import Callable, Sequence

import msgspec

from services.bench.flow import flow_run
from services.bench.installation import Backend, trial
from services.bench.machine import Machine, this_machine
from services.bench.pages import serve_pages
from services.bench.stages import bench_stages
from services.bench.webpages import mixed_page
from services.planning.costs import Costs
from services.planning.machine import pages_per_second

MEASURED = 200
"""Articles, where costs are measured in the same run."""
TOPICS = 1_000


class ScaleRun(msgspec.Struct, frozen=True):
    workers: int
    """Processes that read."""
    pages_per_second: float
    predicted: float
    ratio: float
    """Measured by predicted."""


class ScaleBench(msgspec.Struct, frozen=True, kw_only=True):
    machine: Machine
    backend: Backend
    pages: int
    costs: Costs
    """That the prediction is made of: of the same run where none were given."""
    runs: tuple[ScaleRun, ...]


def bench_scale(
    pages: int,
    workers: Sequence[int],
    backend: Backend,
    costs: Costs | None,
    tell: Callable[[str], None],
) -> ScaleBench:
    """Read and index pages of the bench's own with so many reading processes, one after the other.

    Raises UserError when not every page becomes searchable, because then no figure is true.
    """
    machine = this_machine()
    if costs is None:
        tell("what an article costs on this machine")
        costs = bench_stages(MEASURED, TOPICS, tell)
    runs = []
    with serve_pages(pages, [str(mixed_page(at).html).encode() for at in range(pages)]) as port:
        for count in workers:
            tell(f"{pages} pages, {backend}, {count} reading")
            with trial(backend, count) as place:
                found = flow_run(backend, count, pages, port, place).pages_per_second
            told = pages_per_second(costs, count, machine.cores, backend)
            runs.append(ScaleRun(count, found, round(told, 1), round(found / told, 2)))
    return ScaleBench(machine=machine, backend=backend, pages=pages, costs=costs, runs=tuple(runs))
