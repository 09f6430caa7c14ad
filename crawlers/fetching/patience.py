"""Trying again, and leaving alone for a while a host that asks for it."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawlers.fetching import caching
from crawlers.fetching.budget import Budget
from crawlers.fetching.outcomes import End, EndedError

MAX_TRIES = 2
"""Tries after the first one."""
MOST_WAIT = 60.0
"""Seconds that ``Retry-After`` may ask for within one run."""
STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
)
PUSHED_BACK = frozenset({429, 503})
LATER = End("server-error", "its server asks to be left alone for now", passing=True)
HELD_ELSEWHERE_SECONDS = 0.5
"""Between two questions for a host that another crawler holds."""
ONCE = "once"
"""Marks in ``meta`` a request that no budget counts and that is not tried again, as to a hub."""
_TRIES = "tries"


def wait_for(retry_after: str, tries: int, base: float, now: datetime) -> float:
    """Seconds before the next try: what the server asks, clamped; else doubling from ``base``."""
    asked = caching.retry_after(retry_after, now)
    return min(base * float(2**tries) if asked is None else asked, MOST_WAIT)


class Patience:
    """Downloader middleware: a request begins when its host may be asked, and is tried again.

    Two more tries, with a pause that holds for the whole host.
    """

    def __init__(self, crawler: Any, base: float) -> None:
        self._crawler, self._base = crawler, base

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Patience":
        return cls(crawler, max(crawler.settings.getfloat("DOWNLOAD_DELAY"), 0.1))

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ONCE):
            return
        budget: Budget = self._crawler.spider.budget
        host = urlparse_cached(request).hostname or ""
        patience = time.monotonic() + MOST_WAIT
        while pause := self._wait(budget, host):
            if time.monotonic() + pause > patience + MOST_WAIT or time.monotonic() > patience:
                raise EndedError(LATER)
            await asyncio.sleep(pause)

    def _wait(self, budget: Budget, host: str) -> float:
        wait = budget.enter(host)
        return HELD_ELSEWHERE_SECONDS if wait is None else wait

    def process_response(self, request: Request, response: Response) -> Request | Response:
        budget, host = self._crawler.spider.budget, urlparse_cached(request).hostname or ""
        if request.meta.get(ONCE):
            return response
        if response.status not in STATUSES:
            budget.well(host)
            return response
        if response.status in PUSHED_BACK:
            budget.too_fast(host)
        value = (response.headers.get("Retry-After") or b"").decode("latin-1")
        asked = caching.retry_after(value, datetime.now(UTC))
        if asked is not None and asked > MOST_WAIT:
            budget.pause(host, asked)
            return response
        return self._again(request, value) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        return self._again(request, "") if isinstance(exception, ERRORS) else None

    def _again(self, request: Request, retry_after: str) -> Request | None:
        tries = request.meta.get(_TRIES, 0)
        if tries >= MAX_TRIES or request.meta.get(ONCE):
            return None
        host = urlparse_cached(request).hostname or ""
        pause = wait_for(retry_after, tries, self._base, datetime.now(UTC))
        self._crawler.spider.budget.pause(host, pause)
        return request.replace(meta={**request.meta, _TRIES: tries + 1})
