"""A fetched page becomes an event: the body as it came, and the headers that reading needs."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from processors.ids import article_id, bytes_hash, canonical_url
from processors.records import Page, encode
from services.bus import Bus, Event
from services.store.port import Target
from services.topics import PAGES

KEPT_HEADERS = (
    "content-type",
    "content-language",
    "etag",
    "last-modified",
    "date",
    "x-robots-tag",
)
MAX_HEADER = 2000


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A response, free of its library. Header names are in lower case."""

    url: str
    """The address that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    body: bytes
    """As the server sent it, with transfer and content coding removed."""


def page_of(target: Target, reply: Reply, now: datetime) -> Page:
    """The record of one fetch. Raises ValueError when its address has no canonical form."""
    final = canonical_url(reply.url)
    headers = reply.headers
    return Page(
        id=article_id(final),
        url=final,
        requested_url=target.url,
        source=target.source,
        fetched_at=now,
        status=reply.status,
        headers={name: headers[name][:MAX_HEADER] for name in KEPT_HEADERS if name in headers},
        body=reply.body,
        content_hash=bytes_hash(reply.body),
        hints=target.hints,
    )


def publish(bus: Bus, page: Page) -> None:
    """Append the page to the log; durable when this returns. Raises as ``Bus.publish`` does.

    The key is the page's host: versions of one page, and pages of one site, keep their order.
    """
    milliseconds = int(page.fetched_at.timestamp() * 1000)
    event = Event(
        id=f"{page.id}-{milliseconds}",
        type="page/1",
        key=urlsplit(page.url).hostname or page.source,
        time=page.fetched_at,
        data=encode(page),
    )
    bus.publish(PAGES.name, [event])
