"""The robots policy at work: no request passes before its site's rules are known."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawlers.handler import MAX_HEAD, head_size
from crawlers.outcomes import REFUSED, TIMED_OUT, UNREACHABLE, End, EndedError, of_error
from crawlers.robots import MAX_BYTES, Rules, closed, read_rules

log = logging.getLogger(__name__)

ROBOTS = "robots"
"""Marks in ``meta`` a request for robots.txt itself."""
MOST_ANNOUNCED = 16 * 1024 * 1024
"""A robots.txt that announces more than this, or unpacks to more, counts as none to be had."""


class RobotsPolicy:
    """Downloader middleware: the rules of each site, fetched once and kept for a day at most."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._sites: dict[str, asyncio.Future[Rules]] = {}
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
        if slot := downloader.slots.get(downloader.get_slot_key(request)):
            slot.delay = max(self._delay, rules.delay)
        if not rules.allow(request.url):
            raise EndedError(End("robots", rules.closed or "robots.txt does not allow it"))

    async def _rules(self, site: str) -> Rules:
        known = self._sites.get(site)
        if known is None or (known.done() and _stale(known)):
            known = self._sites[site] = asyncio.ensure_future(self._fetch(site))
        return await asyncio.shield(known)

    async def _fetch(self, site: str) -> Rules:
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
        rules = read_rules(response.status, response.body)
        if rules.asked_delay > rules.delay:
            log.warning(
                "%s asks for %g s between two requests; %g s are kept",
                *(site, rules.asked_delay, rules.delay),
            )
        return rules

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


def _stale(known: "asyncio.Future[Rules]") -> bool:
    return known.exception() is None and known.result().stale(datetime.now(UTC))


def _without_response(error: Exception) -> Rules:
    """Nothing is fetched from such a site; when it is away as a whole, the outcome says so."""
    end = of_error(error)
    if end == TIMED_OUT:
        raise EndedError(End("timed-out", "robots.txt did not come in time")) from error
    if end in {REFUSED, UNREACHABLE}:
        raise EndedError(end) from error
    return read_rules(300, b"") if end.outcome == "redirect-loop" else closed()
