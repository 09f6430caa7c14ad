"""The one spider: turns visits into requests and responses into replies, nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from crawlers.asking import hub_request
from crawlers.crew import GRACE_SECONDS, Crew, Office
from crawlers.fetching.conditional import request_headers
from crawlers.fetching.outcomes import End, of_error
from crawlers.fetching.reserving import META, ROLE
from crawlers.hubs import Ask
from crawlers.listings.read import MAX_FEED, MAX_PAGE, MAX_SITEMAP
from crawlers.publish import Reply
from crawlers.rendering.jobs import Rendering
from crawlers.rendering.renderer import Renderer
from crawlers.visits import Visit
from processors.optouts import NOTED
from services.metrics import FETCH_DURATION

log = logging.getLogger(__name__)

HUBS_SECONDS = 0.5
"""How often it is looked whether a hub is to be asked; see ``Hubs.asks``."""


class NewsSpider(Spider):
    """Downloads what the crew looks at; ``fatal`` says why a crawl broke off."""

    name = "beatwire"

    def __init__(
        self, office: Office, crew: Crew, renderer: Renderer | None = None, **given: Any
    ) -> None:
        super().__init__(**given)
        self._desk, self._crew = office.desk, crew
        self.budget, self.store = office.budget, office.store
        self._renderer = renderer
        self._fatal = ""
        self._asked: set[asyncio.Task[None]] = set()

    @property
    def fatal(self) -> str:
        return self._crew.fatal or self._fatal

    async def start(self) -> AsyncIterator[Any]:
        tending = asyncio.ensure_future(self._tend())
        await self._crew.work(self._look)
        tending.cancel()
        if self._renderer is not None:
            await self._renderer.close()
        self._ask_hubs()
        if self._asked:
            await asyncio.wait(self._asked, timeout=GRACE_SECONDS)
        nothing: tuple[Any, ...] = ()
        for each in nothing:
            yield each

    def closed(self, reason: str) -> None:
        """Scrapy's hook: anything but the end or a signal is a failure of the crawl as a whole."""
        self._crew.end()
        if reason not in {"finished", "shutdown"}:
            self._fatal = f"the crawl broke off: {reason}"

    async def _look(self, visit: Visit) -> Iterable[Visit]:
        try:
            request = _request(visit)
        except ValueError:
            return self._desk.fail(visit, End("bad-url", "not an address that can be fetched"))
        engine = self.crawler.engine
        assert engine is not None  # it calls this
        try:
            response = await engine.download_async(request)
        except Exception as error:  # each way to fail has its outcome
            return self._desk.fail(visit, of_error(error))
        finally:
            # What Scrapy measured: from the request's leaving to the answer's head.
            if latency := request.meta.get("download_latency"):
                FETCH_DURATION.observe(latency)
        return await self._settle(visit, response)

    async def _tend(self) -> None:
        """Ask hubs from time to time, and soon after a feed named one."""
        while True:
            self._ask_hubs()
            await asyncio.sleep(HUBS_SECONDS)

    def _ask_hubs(self) -> None:
        hubs = self._desk.hubs
        for ask in hubs.asks() if hubs and not self._crew.stopped else ():
            task = asyncio.ensure_future(self._ask(ask))
            self._asked.add(task)
            task.add_done_callback(self._asked.discard)

    async def _ask(self, ask: Ask) -> None:
        engine, hubs = self.crawler.engine, self._desk.hubs
        assert engine is not None  # they call this
        assert hubs is not None
        try:
            response = await engine.download_async(hub_request(ask))
        except Exception:
            hubs.answered(ask.source, 0)
        else:
            hubs.answered(ask.source, response.status)

    async def _settle(self, visit: Visit, response: Response) -> list[Visit]:
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        # Ours alone, whatever a server sends.
        headers[NOTED] = response.request.meta.get(META, "") if response.request else ""
        reply = Reply(url=response.url, status=response.status, headers=headers, body=response.body)
        try:
            return self._desk.receive(visit, reply, await self._rendering(visit, reply))
        except (ArithmeticError, LookupError, RecursionError, ValueError):
            # A page that breaks our reading of it is one address lost, not the crawl.
            log.exception("%s could not be read", visit.target.url)
            return self._desk.fail(visit, End("unreadable", "this could not be read"))

    async def _rendering(self, visit: Visit, reply: Reply) -> Rendering | None:
        if self._renderer is None or not self._desk.is_new_page(visit, reply):
            return None
        kind = reply.headers.get("content-type", "")
        return await self._renderer.render_if_empty(reply.url, reply.body, kind)


def _request(visit: Visit) -> Request:
    return Request(
        visit.url,
        headers=request_headers(visit.target),
        dont_filter=True,
        meta={"download_maxsize": _size_limit(visit), ROLE: visit.role},
    )


def _size_limit(visit: Visit) -> int:
    """A seed's kind shows too late; only what is called a sitemap may be as large as one."""
    if visit.role == "page":
        return MAX_PAGE
    sitemap = visit.role == "child" or "sitemap" in visit.url.lower() or visit.url.endswith(".gz")
    return MAX_SITEMAP if sitemap else MAX_FEED
