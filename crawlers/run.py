"""``python -m crawlers [SEED…]``: one crawl in this process, or ``--every SECONDS`` a round.

Seeds are addresses or ids of sources; none means all sources that are not paused. Standard output
holds JSON lines (``report.py``), standard error one line for each warning.
"""

import argparse
import logging
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from crawlers.schedule import run_every
from processors.ids import canonical_url
from services.errors import UserError
from services.settings import Settings, load_settings
from services.store.port import Source, Store

GRACE_SECONDS = 3.0
"""How long a stopped crawl waits for what is on its way; the rest is fetched next time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0, 1 when a seed could not be read or the crawl broke off, 130 on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m crawlers", description=__doc__)
    parser.add_argument("seeds", nargs="*", metavar="SEED", help="address or id of a source")
    parser.add_argument("--every", type=float, metavar="SECONDS", help="a round each SECONDS")
    given = parser.parse_args(arguments)
    stop = Stop()
    _log_to_stderr()
    try:
        settings = load_settings()
        if given.every is not None:
            return run_every(given.every, given.seeds, stop)
        return _crawl(settings, given.seeds, stop)
    except UserError as error:
        sys.stderr.write(f"beatwire: {error}\n")
        return error.exit_code


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


def _crawl(settings: Settings, names: Sequence[str], stop: Stop) -> int:
    from crawlers.desk import Desk
    from crawlers.report import Report
    from services.bootstrap import open_bus, open_store

    settings.home.mkdir(parents=True, exist_ok=True)
    with open_store(settings) as store, open_bus(settings) as bus:
        seeds = choose_seeds(store, names)
        report = Report(sys.stdout)
        fatal = _run_scrapy(settings, Desk(bus, store, report), seeds, stop) if seeds else ""
        report.summary()
    if stop.exit_code is not None:
        return stop.exit_code
    if fatal:
        raise UserError(fatal)
    return 1 if report.failed else 0


def _run_scrapy(settings: Settings, desk: Any, seeds: list[tuple[str, str]], stop: Stop) -> str:
    """Run one spider to its end; why it broke off, empty when it did not."""
    import asyncio

    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.limits import scrapy_settings
    from crawlers.spider import NewsSpider

    process = AsyncCrawlerProcess(scrapy_settings(settings))
    from twisted.internet import reactor

    clock: Any = reactor
    ending: list[asyncio.Future[None]] = []

    def end() -> None:
        ending.append(asyncio.ensure_future(process.stop()))
        clock.callLater(GRACE_SECONDS, process._stop_reactor)

    stop.tell = lambda: clock.callFromThread(end)
    crawler = process.create_crawler(NewsSpider)
    crawl = process.crawl(crawler, desk=desk, seeds=seeds)
    if stop.number is not None:
        stop.tell()
    process.start(install_signal_handlers=False)
    failed = crawl.exception() if crawl.done() and not crawl.cancelled() else None
    if failed is not None:
        return f"the crawl did not start: {failed}"
    return crawler.spider.fatal if isinstance(crawler.spider, NewsSpider) else ""


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)  # on the handler, since Scrapy resets its loggers' levels
    handler.addFilter(_is_no_outcome)
    logging.basicConfig(handlers=[handler])


def _is_no_outcome(record: logging.LogRecord) -> bool:
    """False for Scrapy's warnings about single responses: the outcome of the address says it."""
    return record.levelno > logging.WARNING or not record.name.startswith(_PER_RESPONSE)


class _OneLine(logging.Formatter):
    """Without tracebacks: a person reads these lines, and hostile text must not fake others."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        record.exc_info = record.exc_text = None
        text = f"{super().format(record)}: {error!r}" if error else super().format(record)
        return " ".join(text.split())[:2000]
