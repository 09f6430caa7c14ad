"""What a site reserves as a whole: in robots.txt, tdmrep.json and ai.txt.

robots.txt is there anyway, so what it says is always noted on the pages. The two other files are
asked for where they are obeyed, once a day, after robots.txt and as it allows.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawlers.fetching.outcomes import End, EndedError
from crawlers.fetching.resolver import JOB
from crawlers.fetching.robots import MAX_AGE, MAX_BYTES, Rules
from processors.optouts import OptOut, as_header, in_ai_txt, in_robots, in_tdmrep, refusal

ROBOTS = "robots"
"""Marks in ``meta`` a request for robots.txt itself, or another file about a whole site."""
ROLE = "role"
"""Where in ``meta`` the role of the visit is."""
META = "opt_outs"
"""Where in ``meta`` a page's request has what was said of it elsewhere."""
TDMREP, AI_TXT = "/.well-known/tdmrep.json", "/ai.txt"


class Reserving:
    """Keeps what sites say, as long as the policy keeps their rules."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._obey = crawler.settings[JOB].opt_outs == "obey"
        self._robots: dict[str, str] = {}
        self._files: dict[tuple[str, str], asyncio.Future[bytes]] = {}
        self._asked: dict[tuple[str, str], datetime] = {}

    def note_robots(self, site: str, status: int, body: bytes) -> None:
        """What robots.txt answered."""
        good = 200 <= status < 300
        self._robots[site] = body[:MAX_BYTES].decode("utf-8-sig", "replace") if good else ""

    def forget(self, site: str) -> None:
        """Keep nothing of its robots.txt."""
        self._robots.pop(site, None)

    async def check(self, request: Request, rules: Rules) -> None:
        """Note on the request what is said of its address; raises EndedError when it is left out.

        Feeds and sitemaps are there to be read by programs and are never left out.
        """
        if request.meta.get(ROLE) != "page":
            return
        parts = urlparse_cached(request)
        site = f"{parts.scheme}://{parts.netloc}"
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        found: list[OptOut] = [*in_robots(self._robots.get(site, ""), path)]
        if self._obey:
            tdmrep = await self._file(site, TDMREP, rules)
            ai_txt = await self._file(site, AI_TXT, rules)
            found += in_tdmrep(tdmrep, path)
            found += in_ai_txt(ai_txt.decode("utf-8", "replace"), path)
        request.meta[META] = as_header(found)
        if why := refusal(found, obey=self._obey):
            raise EndedError(End("opted-out", why))

    async def _file(self, site: str, path: str, rules: Rules) -> bytes:
        key, now = (site, path), datetime.now(UTC)
        if key not in self._files or now - self._asked[key] > MAX_AGE:
            self._asked[key] = now
            self._files[key] = asyncio.ensure_future(self._fetch(site + path, rules))
        return await asyncio.shield(self._files[key])

    async def _fetch(self, url: str, rules: Rules) -> bytes:
        """The file; nothing where it cannot be had, for then nothing is reserved by it."""
        if not rules.allow(url):
            return b""
        request = Request(
            url,
            callback=NO_CALLBACK,
            dont_filter=True,
            meta={ROBOTS: True, "download_maxsize": MAX_BYTES},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception:
            return b""
        return response.body if response.status == 200 else b""
