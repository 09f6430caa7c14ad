"""A fetched page becomes an event: the body as it came, and the headers that reading needs."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from processors.ids import article_id, bytes_hash, canonical_url
from processors.records import Page
from services.bus import Bus
from services.pages import event_of, kept_headers
from services.store.port import Target
from services.topics import PAGES

__all__ = ["Reply", "as_rendered", "event_of", "page_of", "publish"]


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
    return Page(
        id=article_id(final),
        url=final,
        requested_url=target.url,
        source=target.source,
        fetched_at=now,
        status=reply.status,
        headers=kept_headers(reply.headers),
        body=reply.body,
        content_hash=bytes_hash(reply.body),
        hints=target.hints,
    )


def as_rendered(page: Page, html: str) -> Page:
    """The page with what a browser made of it; its hash stays that of what its server sent."""
    headers = {**page.headers, "content-type": "text/html; charset=utf-8"}
    body = html.encode("utf-8", "replace")
    return msgspec.structs.replace(page, body=body, headers=headers, rendered=True)


def publish(bus: Bus, page: Page) -> None:
    """Append the page to the log; durable when this returns. Raises as ``Bus.publish`` does."""
    bus.publish(PAGES.name, [event_of(page)])
