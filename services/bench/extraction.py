"""``beatwire bench extract``: pages a CPU second, beside trafilatura as it is plainly used."""

import logging
from collections.abc import Callable, Sequence
from statistics import median
from time import process_time

import msgspec

from services.bench.machine import Machine, this_machine
from services.bench.timings import Timing, timing
from services.bench.webpages import WebPage


class Side(msgspec.Struct, frozen=True):
    """One of the two, over all pages and rounds."""

    pages_per_second: float
    """Of processor time; median of the rounds."""
    page: Timing
    """Of processor time, the best round of each page."""
    slowest: str | int
    """The id of the page that took longest."""


class ExtractBench(msgspec.Struct, frozen=True):
    """What one run found: parsing is counted, reading and decoding are not."""

    machine: Machine
    pages: int
    rounds: int
    kilobytes: int
    """Characters of the middle page, in thousands."""
    articles: int
    """Pages of which ours makes an article."""
    beatwire: Side
    trafilatura: Side
    ratio: float
    """Median of the rounds' own ratios, so that a drift of the machine's speed cancels."""


def bench_extract(
    pages: Sequence[WebPage], rounds: int, tell: Callable[[str], None]
) -> ExtractBench:
    """Extract every page both ways, turn by turn, ``rounds`` times, in this process alone.

    Both get the decoded page and its address, and give text, title, authors, dates.
    """
    from trafilatura import bare_extraction

    from processors.extract import extract_article, warm_up

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

    def ours(page: WebPage) -> object:
        return extract_article(page.html, page.url)

    def theirs(page: WebPage) -> object:
        return bare_extraction(page.html, url=page.url, favor_precision=True, with_metadata=True)

    tell("warming up")
    warm_up()
    articles = sum(extract_article(page.html, page.url).outcome == "article" for page in pages)
    for page in pages[:3]:
        theirs(page)
    taken: list[tuple[list[float], list[float]]] = []
    for number in range(rounds):
        tell(f"round {number + 1} of {rounds}")
        taken.append(_round(pages, ours, theirs, theirs_first=number % 2 == 1))
    own, other = zip(*taken, strict=True)
    return ExtractBench(
        machine=this_machine(),
        pages=len(pages),
        rounds=rounds,
        kilobytes=round(median(len(page.html) for page in pages) / 1000),
        articles=articles,
        beatwire=_side(pages, own),
        trafilatura=_side(pages, other),
        ratio=round(median(sum(b) / sum(a) for a, b in taken), 2),
    )


def _round(
    pages: Sequence[WebPage],
    ours: Callable[[WebPage], object],
    theirs: Callable[[WebPage], object],
    *,
    theirs_first: bool,
) -> tuple[list[float], list[float]]:
    """Processor seconds of each page both ways; who comes first changes from page to page."""
    own, other = [], []
    for number, page in enumerate(pages):
        if (number % 2 == 1) != theirs_first:
            other.append(_seconds(theirs, page))
            own.append(_seconds(ours, page))
        else:
            own.append(_seconds(ours, page))
            other.append(_seconds(theirs, page))
    return own, other


def _seconds(work: Callable[[WebPage], object], page: WebPage) -> float:
    start = process_time()
    work(page)
    return process_time() - start


def _side(pages: Sequence[WebPage], rounds: Sequence[Sequence[float]]) -> Side:
    best = [min(times) for times in zip(*rounds, strict=True)]
    slowest = max(zip(best, pages, strict=True), key=lambda each: each[0])[1]
    return Side(
        pages_per_second=round(median(len(pages) / sum(times) for times in rounds), 1),
        page=timing(best),
        slowest=slowest.id,
    )
