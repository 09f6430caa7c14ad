"""What a response means for a check: pure functions from responses to what is said of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from scrapy.http import Response

from crawlers.fetching.outcomes import End, of_status
from crawlers.listings.entries import Entry, Listing, Unreadable
from crawlers.listings.read import (
    MAX_FEED,
    MAX_PAGE,
    MAX_SITEMAP,
    not_a_page,
    read_listing,
    read_seed,
)
from processors.ids import canonical_url
from services.sources.findings import Look, PageFound

MOST_TIMES = 60
"""Times of entries that are told: enough for a rhythm."""


def size_limit(url: str) -> int:
    """Bytes of a source; only what is called a sitemap may be as large as one."""
    return MAX_SITEMAP if "sitemap" in url.lower() or url.endswith(".gz") else MAX_FEED


def end_of(response: Response) -> End | None:
    """What the status alone decides; None when the body decides."""
    if response.status == 304:
        return End("unreadable", "the server answered 304 to a first request")
    return of_status(response.status)


def read(response: Response, *, seed: bool) -> Any:
    """As the crawl reads a source (``seed``), or what an index led to.

    Never raises: a body that breaks our reading of it is one source lost, not the check.
    """
    reader = read_seed if seed else read_listing
    said = {name.decode("latin-1").lower(): header(response, name) for name in response.headers}
    now = datetime.now(UTC)
    try:
        return reader(response.body, said.get("content-type", ""), response.url, said, now=now)
    except (ArithmeticError, LookupError, RecursionError, ValueError):
        return Unreadable("this could not be read")


def answered(look: Look, response: Response) -> Look:
    """With what the server said of the source; what an index led to changes nothing."""
    if look.followed:
        return look
    return msgspec.structs.replace(
        look,
        final_url=response.url,
        status=response.status,
        content_type=header(response, "content-type")[:200],
        size=len(response.body),
        validators=tuple(name for name in ("etag", "last-modified") if header(response, name)),
    )


def usable_entries(listing: Listing) -> list[Entry]:
    """Entries with an address, each address once."""
    found: dict[str, Entry] = {}
    for entry in listing.entries:
        try:
            found.setdefault(canonical_url(entry.address), entry)
        except ValueError:
            continue
    return list(found.values())


def with_listing(look: Look, listing: Listing, entries: Sequence[Entry]) -> Look:
    """With what the source says of itself and of its entries."""
    written = (entry.published or entry.updated for entry in entries)
    return msgspec.structs.replace(
        look,
        kind=look.kind if look.followed else listing.kind,
        title=listing.title[:300],
        language=listing.language[:20],
        entries=len(entries),
        total=listing.total,
        flaw=listing.flaw[:300],
        hub=listing.hub[:500],
        every=listing.rhythm.every or listing.rhythm.ttl,
        times=tuple(time[:100] for time in written if time)[:MOST_TIMES],
    )


def page_found(entry: Entry, response: Response) -> PageFound:
    """An article as it came, or why it is none that could be read."""
    end = end_of(response)
    if end is None and len(response.body) > MAX_PAGE:
        end = End("too-large", "a page of more than 5 MiB")
    if end is None and (reason := not_a_page(response.body)):
        end = End("unreadable", reason)
    return PageFound(
        url=entry.address,
        outcome=end.outcome if end else "fetched",
        reason=end.reason if end else "",
        title=entry.title[:300],
        published=entry.published[:100],
        final_url=response.url,
        content_type=header(response, "content-type")[:200],
        body=b"" if end else response.body,
    )


def page_failed(entry: Entry, end: End) -> PageFound:
    """An article that did not come."""
    return PageFound(
        url=entry.address, outcome=end.outcome, reason=end.reason, title=entry.title[:300]
    )


def header(response: Response, name: str | bytes) -> str:
    """One header of a response; empty when it has none."""
    value: bytes = response.headers.get(name) or b""
    return value.decode("latin-1")
