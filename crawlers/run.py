"""``python -m crawlers [SEED…]``: one crawl in this process; with ``--every``, one that goes on.

Seeds are addresses or ids of sources; none means all sources that are not paused. Standard output
holds JSON lines (``report.py``), standard error one line for each warning.
"""

import argparse
import logging
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from crawlers.schedule import run_every
from processors.ids import canonical_url
from services.errors import TryLater, UserError
from services.logs import start_logs
from services.probing.exposition import count_for_parent, sum_children
from services.probing.process import probed
from services.probing.pulse import Pulse
from services.rendering import check_renderer
from services.settings import Settings, load_settings
from services.store.port import Source, Store
from services.tracing import start_tracing


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 when a seed could not be read or the crawl broke off, 130 on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m crawlers", description=__doc__)
    parser.add_argument("seeds", nargs="*", metavar="SEED", help="address or id of a source")
    parser.add_argument(
        "--every",
        type=float,
        metavar="SECONDS",
        help="go on: each source when it is due, SECONDS where nothing is known of it; "
        "with seeds, all of them each SECONDS",
    )
    parser.add_argument("--watch", type=float, metavar="SECONDS", help=argparse.SUPPRESS)
    parser.add_argument("--round", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    stop = Stop()
    try:
        settings = load_settings()
        _log_to_stderr(settings)
        check_renderer(settings)
        start_tracing(settings, "crawl")
        if given.round:
            count_for_parent(CHILD)
        elif given.every is not None and settings.metrics_port:
            sum_children(lambda: PARENT)
        return _run(settings, given, stop)
    except UserError as error:
        sys.stderr.write(f"beatwire: {error}\n")
        return error.exit_code
    except TryLater as error:
        sys.stderr.write(f"beatwire: {error}; try again\n")
        return UNAVAILABLE


def _run(settings: Settings, given: argparse.Namespace, stop: "Stop") -> int:
    """One of the ways to crawl, with the probes of the process; of a round its parent has them."""
    if given.round:
        pulse = Pulse(deadly=True, trace=sys.stderr if settings.log == "text" else None)
        seeds = None if given.watch is not None else given.seeds
        every = settings.poll_every if given.watch is None else given.watch
        return _crawl(settings, seeds, stop, every, pulse.beat)
    with probed(settings, "crawl", ("bus", "store"), hands_out=False) as probes:
        probes.started()
        if given.every is not None:
            return run_every(given.every, given.seeds, stop, probes.pulse.beat)
        return _crawl(settings, given.seeds, stop, settings.poll_every, probes.pulse.beat)


UNAVAILABLE = 69
"""EX_UNAVAILABLE of sysexits.h: a server is away."""
PARENT, CHILD = 0, 1
"""Whose counters are in which files of the schedule's folder."""
_PER_RESPONSE = ("scrapy.core.downloader.handlers", "scrapy.downloadermiddlewares")


class Stop:
    """Remembers the signal that asked this process to end, and tells whoever works now."""

    def __init__(self) -> None:
        self.number: int | None = None
        self.tell: Any = None
        signal.signal(signal.SIGTERM, self._handle)
        signal.signal(signal.SIGINT, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        first = self.number is None
        self.number = self.number or number
        if first and self.tell is not None:
            self.tell()

    @property
    def exit_code(self) -> int | None:
        """0 for SIGTERM, 130 for Ctrl-C, None when nobody asked."""
        if self.number is None:
            return None
        return 130 if self.number == signal.SIGINT else 0


def choose_seeds(store: Store, names: Sequence[str]) -> list[tuple[str, str]]:
    """Address and source id of everything to look at. Raises UserError for an unknown name."""
    sources = store.sources()
    if not names:
        return [(source.url, source.id) for source in sources if not source.paused]
    by_id = {source.id: source for source in sources}
    return [_choose(name, by_id) for name in names]


def _choose(name: str, by_id: dict[str, Source]) -> tuple[str, str]:
    if source := by_id.get(name):
        return source.url, source.id
    if "://" not in name:
        raise UserError(
            f"{name} is neither an address nor a source; `beatwire sources list` shows the sources"
        )
    try:
        url = canonical_url(name)
        host = urlsplit(url).hostname or name
    except ValueError:
        return name, name
    return name, next((source.id for source in by_id.values() if _same(source, url)), host)


def _same(source: Source, url: str) -> bool:
    try:
        return canonical_url(source.url) == url
    except ValueError:
        return False


def _crawl(
    settings: Settings,
    names: Sequence[str] | None,
    stop: Stop,
    every: float,
    beat: Callable[[], None],
) -> int:
    """One crawl: of what is named, of all sources, or (None) of what is due."""
    from crawlers.report import Report
    from services.bootstrap import open_bus, open_store

    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings) as store, open_bus(settings) as bus:
        seeds = None if names is None else choose_seeds(store, names)
        report = Report(sys.stdout)
        fatal = ""
        if seeds is None or seeds:
            office = _office(settings, bus, store, report, every, watching=seeds is None)
            fatal = _run_scrapy(settings, office, seeds, stop, beat)
        report.summary()
    if stop.exit_code is not None:
        return stop.exit_code
    if fatal:
        raise UserError(fatal)
    return 1 if report.failed and seeds is not None else 0


def _office(
    settings: Settings, bus: Any, store: Store, report: Any, every: float, *, watching: bool
) -> Any:
    from crawlers.books import Books
    from crawlers.crew import Office
    from crawlers.desk import Desk
    from crawlers.fetching.budget import Budget
    from crawlers.hubs import Hubs
    from crawlers.looks import Looks

    def now() -> datetime:
        return datetime.now(UTC)

    crawler = secrets.token_hex(8)
    books, looks = Books(bus, store, now), Looks(store, every, now)
    hubs = Hubs(store, settings.address, now)
    hold = "" if watching else crawler
    desk = Desk(store, books, report, looks, hold=hold, hubs=hubs, now=now)
    budget = Budget(store, crawler, settings.crawl_delay, now)
    return Office(crawler, store, desk, books, looks, budget, now)


def _run_scrapy(
    settings: Settings,
    office: Any,
    seeds: list[tuple[str, str]] | None,
    stop: Stop,
    beat: Callable[[], None],
) -> str:
    """Run one spider to its end; why it broke off, empty when it did not."""
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.crew import GRACE_SECONDS, Crew
    from crawlers.fetching.limits import scrapy_settings, user_agent
    from crawlers.rendering.allowance import Limits
    from crawlers.rendering.renderer import Renderer
    from crawlers.spider import NewsSpider

    process = AsyncCrawlerProcess(scrapy_settings(settings))
    from twisted.internet import reactor

    clock: Any = reactor
    crew = Crew(office, seeds, beat=beat)

    def end() -> None:
        crew.end()
        clock.callLater(2 * GRACE_SECONDS, process._stop_reactor)

    stop.tell = lambda: clock.callFromThread(end)
    crawler = process.create_crawler(NewsSpider)
    renderer = None
    if settings.render:
        limits = Limits(seconds=settings.fetch_timeout)
        renderer = Renderer(user_agent(settings), limits, obey=settings.opt_outs == "obey")
    crawl = process.crawl(crawler, office=office, crew=crew, renderer=renderer)
    if stop.number is not None:
        stop.tell()
    process.start(install_signal_handlers=False)
    failed = crawl.exception() if crawl.done() and not crawl.cancelled() else None
    if failed is not None:
        return f"the crawl did not start: {failed}"
    return crawler.spider.fatal if isinstance(crawler.spider, NewsSpider) else ""


def _log_to_stderr(settings: Settings) -> None:
    start_logs(settings)
    for each in logging.getLogger().handlers:
        # On the handler, since Scrapy resets its loggers' levels.
        each.setLevel(settings.log_level.upper())
        each.addFilter(_is_no_outcome)


def _is_no_outcome(record: logging.LogRecord) -> bool:
    """False for Scrapy's warnings about single responses: the outcome of the address says it."""
    return record.levelno > logging.WARNING or not record.name.startswith(_PER_RESPONSE)
