"""What a page is on the log, whoever brings it: a crawl or an import."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from processors.optouts import NOTED
from processors.records import Page, encode
from services import tracing
from services.bus import Event

KEPT_HEADERS = (
    "content-type",
    "content-language",
    "etag",
    "last-modified",
    "date",
    "x-robots-tag",
    "tdm-reservation",
    "tdm-policy",
    "content-usage",
    NOTED,
)
MAX_HEADER = 2000


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Those that reading or an archive needs, cut; names are in lower case."""
    return {name: headers[name][:MAX_HEADER] for name in KEPT_HEADERS if headers.get(name)}


def event_of(page: Page) -> Event:
    """The page as an event: the same for the same page at the same fetch.

    The key is the page's host: versions of one page, and pages of one site, keep their order.
    """
    milliseconds = int(page.fetched_at.timestamp() * 1000)
    return Event(
        id=f"{page.id}-{milliseconds}",
        type="page/1",
        key=urlsplit(page.url).hostname or page.source,
        time=page.fetched_at,
        data=encode(page),
        trace=_begin_trace(page),
    )


def _begin_trace(page: Page) -> str:
    """Every trace begins with a page: its address and its source."""
    span = tracing.begin("fetch", page=page.id, url=page.url, source=page.source)
    trace = span.traceparent
    span.end(status=page.status)
    return trace
