"""``beatwire bench search --backend real``: our part of a search on Elasticsearch."""

from collections.abc import Callable
from functools import partial
from statistics import median

import msgspec

from services.bench.freshness import searchable
from services.bench.machine import Machine, seconds, this_machine
from services.bench.printed import Build, printed
from services.bench.questions import questions
from services.bench.search import page_data
from services.bench.timings import Timing, timing
from services.bootstrap import raw_searches
from services.settings import Settings


class OverheadBench(msgspec.Struct, frozen=True, kw_only=True):
    """What one run found: medians of each search over the rounds."""

    machine: Machine
    articles: int
    build: Build | None
    all: Timing
    """The whole page's data, as ``SearchBench.all``."""
    raw: Timing
    """The same requests by the client alone, their answers read as it reads them."""
    overhead: Timing
    """The difference, search by search."""
    ratio: float
    """The client's mean time by that of the whole."""
    searchable: Timing


def bench_overhead(
    settings: Settings,
    articles: int,
    rounds: int,
    tell: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> OverheadBench:
    """Fill the index on the server up to ``articles``, then ask each question both ways by turns.

    Raises UserError and TryLater as ``printed`` does.
    """
    there, build = printed(settings, articles, progress)
    ours, raw = [], []
    with raw_searches(settings) as both:
        for number, question in enumerate(questions(), 1):
            tell(f"question {number} of {len(questions())}")
            search = partial(page_data, both.index, question)
            again = both.record(search)
            again()  # once each has been asked, the server has what it keeps of either
            pairs = [_by_turns(search, again, number) for number in range(rounds)]
            ours.append(median(mine for mine, _ in pairs))
            raw.append(median(theirs for _, theirs in pairs))
    tell("freshness")
    return OverheadBench(
        machine=this_machine(),
        articles=there,
        build=build,
        all=timing(ours),
        raw=timing(raw),
        overhead=timing([mine - theirs for mine, theirs in zip(ours, raw, strict=True)]),
        ratio=round(sum(raw) / sum(ours), 2),
        searchable=timing(searchable(settings)),
    )


def _by_turns(
    ours: Callable[[], object], raw: Callable[[], object], number: int
) -> tuple[float, float]:
    """Seconds of both; who comes second finds the server's caches warmer."""
    if number % 2:
        theirs = seconds(raw)
        return seconds(ours), theirs
    return seconds(ours), seconds(raw)
