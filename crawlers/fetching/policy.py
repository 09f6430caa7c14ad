"""The robots policy at work: no request passes before its site's rules are known."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawlers.fetching.budget import Budget
from crawlers.fetching.handler import MAX_HEAD, head_size
from crawlers.fetching.outcomes import REFUSED, TIMED_OUT, UNREACHABLE, End, EndedError, of_error
from crawlers.fetching.patience import LATER
from crawlers.fetching.reserving import ROBOTS, Reserving
from crawlers.fetching.robots import MAX_AGE_CLOSED, MAX_BYTES, NOT_TO_BE_HAD, Rules, read_rules
from services.store.crawling import RobotsText

log = logging.getLogger(__name__)

MOST_ANNOUNCED = 16 * 1024 * 1024
"""A robots.txt that announces more than this, or unpacks to more, counts as none to be had."""

MOST_KEPT = 4 * 1024 * 1024
"""Characters of rules in memory, which take some 40 bytes each; one site may have 512 Ki."""
MOST_SITES = 5_000


class RobotsPolicy:
    """Downloader middleware: the rules of each site, fetched once and kept for a day at most."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._sites: dict[str, tuple[asyncio.Future[Rules], float]] = {}
        self._reserving = Reserving(crawler)
        crawler.signals.connect(self.check_head, signals.headers_received)
        crawler.signals.connect(self.check_body, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "RobotsPolicy":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ROBOTS):
            return
        parts = urlparse_cached(request)
        rules = await self._rules(f"{parts.scheme}://{parts.netloc}")
        downloader = self._crawler.engine.downloader
        budget: Budget = self._crawler.spider.budget
        if slot := downloader.slots.get(downloader.get_slot_key(request)):
            slot.delay = budget.delay(parts.hostname or "", rules.delay)
        if not rules.allow(request.url):
            reason = rules.closed or "robots.txt does not allow it"
            raise EndedError(End("robots", reason, passing=bool(rules.closed)))
        await self._reserving.check(request, rules)

    def known(self, url: str) -> Rules | None:
        """The rules of an address's site, where they were fetched; None when they could not be."""
        parts = urlsplit(url.strip())
        found, _ = self._sites.get(f"{parts.scheme}://{parts.netloc}", (None, 0.0))
        ready = found is not None and found.done() and not found.cancelled()
        return found.result() if found and ready and found.exception() is None else None

    async def _rules(self, site: str) -> Rules:
        known, since = self._sites.get(site, (None, 0.0))
        if known is None or (known.done() and _stale(known, since)):
            self._make_room()
            known = asyncio.ensure_future(self._find(site))
            self._sites[site] = known, time.monotonic()
        return await asyncio.shield(known)

    def _make_room(self) -> None:
        """Forget rules while there are too many, those asked for first; the store has them."""
        sizes = {site: _size(known) for site, (known, _) in self._sites.items() if known.done()}
        kept = sum(sizes.values())
        for site, size in sizes.items():
            if kept <= MOST_KEPT and len(self._sites) < MOST_SITES:
                return
            kept -= size
            del self._sites[site]
            self._reserving.forget(site)

    async def _find(self, site: str) -> Rules:
        """What any crawler fetched within the last day; else what the site answers now."""
        now = datetime.now(UTC)
        if kept := self._crawler.spider.store.robots(site):
            rules = read_rules(kept.status, kept.body, kept.fetched)
            if not rules.stale(now):
                self._reserving.note_robots(site, kept.status, kept.body)
                return rules
        status, body = await self._fetch(site)
        # Read before it is kept: what could not be read would be read again by the next crawl.
        rules = read_rules(status, body, now)
        text = RobotsText(site=site, status=status, body=body[:MAX_BYTES], fetched=now)
        self._crawler.spider.store.put_robots(text)
        self._reserving.note_robots(site, status, body)
        if rules.asked_delay > rules.delay:
            log.warning(
                "%s asks for %g s between two requests; %g s are kept",
                *(site, rules.asked_delay, rules.delay),
            )
        return rules

    async def _fetch(self, site: str) -> tuple[int, bytes]:
        request = Request(
            f"{site}/robots.txt",
            callback=NO_CALLBACK,
            dont_filter=True,
            headers={"Accept-Encoding": "identity"},
            meta={ROBOTS: True, "download_maxsize": MOST_ANNOUNCED},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            return _without_response(error)
        return response.status, response.body if 200 <= response.status < 300 else b""

    def check_head(self, headers: Any) -> None:
        """Refuse any response with more headers than a server has use for."""
        if head_size(headers) > MAX_HEAD:
            raise StopDownload

    def check_body(self, request: Request, data: bytes) -> None:
        """Keep the beginning of a robots.txt without end."""
        if request.meta.get(ROBOTS):
            so_far = request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if so_far > MAX_BYTES:
                raise StopDownload(fail=False)


def _size(known: "asyncio.Future[Rules]") -> int:
    return 0 if known.cancelled() or known.exception() else known.result().size


def _stale(known: "asyncio.Future[Rules]", since: float) -> bool:
    if known.exception() is not None:
        return time.monotonic() - since > MAX_AGE_CLOSED.total_seconds()
    return known.result().stale(datetime.now(UTC))


def _without_response(error: Exception) -> tuple[int, bytes]:
    """Nothing is fetched from such a site; when it is away as a whole, the outcome says so."""
    end = of_error(error)
    if end == TIMED_OUT:
        raise EndedError(End("timed-out", "robots.txt did not come in time")) from error
    if end in {REFUSED, UNREACHABLE, LATER}:
        raise EndedError(end) from error
    return (300, b"") if end.outcome == "redirect-loop" else (NOT_TO_BE_HAD, b"")
