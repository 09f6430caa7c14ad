"""From what a listing says to links of the frontier."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from crawlers.again import is_archive
from crawlers.listings.entries import Entry, Listing
from crawlers.moments import moment
from crawlers.traps import MOST_A_DAY, MOST_DATED_A_DAY, pattern_of, trap_in
from processors.ids import canonical_url
from processors.records import FeedHints
from services.store.crawling import Link
from services.store.places import Target

MOST_REMEMBERED = 50_000


class Named(msgspec.Struct, frozen=True):
    """What a listing names."""

    links: Sequence[Link]
    """Each once, in order."""
    times: Sequence[datetime]
    """When its entries were published, as far as they say."""
    unusable: int
    """Entries without a link that could be followed."""


def links_of(listing: Listing, found_in: Target, depth: int, now: datetime) -> Named:
    """The links of a listing, ``depth`` steps from their source."""
    links: dict[str, Link] = {}
    times: list[datetime] = []
    unusable = 0
    for place, entry in enumerate(listing.entries):
        published = moment(entry.published) or moment(entry.updated)
        if published:
            times.append(published)
        url, pattern = _address(entry.address)
        if not url:
            unusable += 1
            continue
        if url in links:
            continue
        dated = published is not None and listing.kind == "feed"
        links[url] = Link(
            target=Target(
                url=url, source=found_in.source, hints=_hints(entry, listing, found_in.url)
            ),
            # Those of one time, and undated ones, keep the order of their listing.
            since=min(published or now, now) - timedelta(milliseconds=place),
            archive=is_archive(published, now),
            pattern=pattern,
            most=MOST_DATED_A_DAY if dated else MOST_A_DAY,
            trap=trap_in(url, depth),
        )
    return Named(tuple(links.values()), times, unusable)


@lru_cache(MOST_REMEMBERED)
def _address(link: str) -> tuple[str, str]:
    """Canonical address and pattern of a link, which most feeds name many times; or nothing."""
    try:
        url = canonical_url(link)
    except ValueError:
        return "", ""
    return url, pattern_of(url)


def remarks(listing: Listing, unusable: int, trapped: int) -> str:
    """What a person should know of a listing that could be read."""
    found = [listing.flaw] if listing.flaw else []
    if listing.total > len(listing.entries):
        found.append(f"{len(listing.entries)} of {listing.total:,} entries taken")
    if unusable:
        found.append(f"{unusable} without a usable link")
    if trapped:
        found.append(f"{trapped} not followed, as in a trap")
    return "; ".join(found)


def as_given(address: str, canonical: str) -> str:
    """A seed is asked for with the query it was given: a feed may need what pages do not."""
    host = urlsplit(canonical).netloc
    return urlsplit(address.strip())._replace(netloc=host, fragment="").geturl()


def _hints(entry: Entry, listing: Listing, feed: str) -> FeedHints:
    return FeedHints(
        feed=feed,
        title=entry.title,
        authors=entry.authors,
        published=entry.published,
        updated=entry.updated,
        summary=entry.summary,
        site_name=entry.site_name or listing.title,
        language=entry.language or listing.language,
    )
