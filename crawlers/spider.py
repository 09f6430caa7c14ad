"""The one spider: turns visits into requests and responses into replies, nothing else."""

import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from crawlers.conditional import request_headers
from crawlers.desk import Desk, Visit
from crawlers.lanes import Lanes
from crawlers.limits import PER_HOST
from crawlers.listings import MAX_FEED, MAX_PAGE, MAX_SITEMAP
from crawlers.outcomes import End, of_error
from crawlers.publish import Reply

log = logging.getLogger(__name__)


class NewsSpider(Spider):
    """Looks at seeds and at what they list; ``fatal`` says why a crawl broke off."""

    name = "beatwire"

    def __init__(self, desk: Desk, seeds: Sequence[tuple[str, str]], **given: Any) -> None:
        super().__init__(**given)
        self._desk = desk
        self._seeds = seeds
        self._lanes: Lanes[Request] = Lanes(PER_HOST)
        self.fatal = ""

    async def start(self) -> AsyncIterator[Any]:
        for address, source in self._seeds:
            for request in self._requests(self._desk.open(address, source)):
                yield request

    def on_response(self, response: Response, visit: Visit, lane: str) -> Iterator[Request]:
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        reply = Reply(url=response.url, status=response.status, headers=headers, body=response.body)
        yield from self._requests(self._settle(visit, reply))
        yield from self._after(lane)

    def on_error(self, failure: Any) -> Iterator[Request]:
        visit: Visit = failure.request.cb_kwargs["visit"]
        yield from self._requests(self._desk.fail(visit, of_error(failure.value)))
        yield from self._after(failure.request.cb_kwargs["lane"])

    def closed(self, reason: str) -> None:
        """Scrapy's hook: anything but the end or a signal is a failure of the crawl as a whole."""
        if reason not in {"finished", "shutdown"}:
            self.fatal = self.fatal or f"the crawl broke off: {reason}"

    def _settle(self, visit: Visit, reply: Reply) -> list[Visit]:
        try:
            return self._desk.receive(visit, reply)
        except (ArithmeticError, LookupError, RecursionError, ValueError):
            # A page that breaks our reading of it is one address lost, not the crawl.
            log.exception("%s could not be read", visit.target.url)
            return self._desk.fail(visit, End("unreadable", "this could not be read"))
        except Exception as error:
            self.fatal = f"the crawl broke off: {error or type(error).__name__}"
            raise CloseSpider("ports") from error

    def _requests(self, visits: Iterable[Visit]) -> Iterator[Request]:
        for visit in visits:
            try:
                request = self._request(visit)
            except ValueError:
                self._desk.fail(visit, End("bad-url", "not an address that can be fetched"))
                continue
            if ready := self._lanes.enter(request.cb_kwargs["lane"], request):
                yield ready

    def _request(self, visit: Visit) -> Request:
        request = Request(
            visit.url,
            callback=self.on_response,
            errback=self.on_error,
            headers=request_headers(visit.target),
            dont_filter=True,
            meta={"download_maxsize": _size_limit(visit)},
            cb_kwargs={"visit": visit},
        )
        request.cb_kwargs["lane"] = urlparse_cached(request).hostname or ""
        return request

    def _after(self, lane: str) -> Iterator[Request]:
        if waiting := self._lanes.leave(lane):
            yield waiting


def _size_limit(visit: Visit) -> int:
    """A seed's kind shows too late; only what is called a sitemap may be as large as one."""
    if visit.role == "page":
        return MAX_PAGE
    sitemap = visit.role == "child" or "sitemap" in visit.url.lower() or visit.url.endswith(".gz")
    return MAX_SITEMAP if sitemap else MAX_FEED
