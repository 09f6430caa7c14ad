"""Trying again, and leaving alone for a while a host that asks for it."""

import asyncio
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
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

MAX_TRIES = 2
"""Tries after the first one."""
LEAST_WAIT, MOST_WAIT = 1.0, 60.0
"""Seconds that ``Retry-After`` may ask for within one run."""
STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    ResponseDataLossError,
)
_TRIES = "tries"


def wait_for(retry_after: str, tries: int, base: float, now: datetime) -> float:
    """Seconds before the next try: what the server asks, clamped; else doubling from ``base``."""
    text = retry_after.strip()
    if not text:
        return min(base * float(2**tries), MOST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        asked = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        asked = float(text[:12]) if text.lstrip("-").isdecimal() else LEAST_WAIT
    return min(max(asked, LEAST_WAIT), MOST_WAIT)


class Patience:
    """Downloader middleware: two more tries, with a pause that holds for the whole host."""

    def __init__(self, base: float) -> None:
        self._base = base
        self._free_at: defaultdict[str, float] = defaultdict(float)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Patience":
        return cls(max(crawler.settings.getfloat("DOWNLOAD_DELAY"), 0.1))

    async def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).hostname or ""
        while (pause := self._free_at[host] - time.monotonic()) > 0:
            await asyncio.sleep(pause)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in STATUSES:
            return response
        retry_after = (response.headers.get("Retry-After") or b"").decode("latin-1")
        return self._again(request, retry_after) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        return self._again(request, "") if isinstance(exception, ERRORS) else None

    def _again(self, request: Request, retry_after: str) -> Request | None:
        tries = request.meta.get(_TRIES, 0)
        if tries >= MAX_TRIES:
            return None
        host = urlparse_cached(request).hostname or ""
        pause = wait_for(retry_after, tries, self._base, datetime.now(UTC))
        self._free_at[host] = max(self._free_at[host], time.monotonic() + pause)
        return request.replace(meta={**request.meta, _TRIES: tries + 1})
