"""What feeds, sitemaps and section pages have in common: an entry, and a listing of entries."""

import re
from typing import Literal
from urllib.parse import urljoin, urlsplit

import msgspec

ListingKind = Literal["feed", "sitemap", "index", "section"]
ListingForm = Literal["rss", "rdf", "atom", "cdf", "json", "urlset", "sitemapindex", "text", "html"]


_FOLLOWED = frozenset({"http", "https", ""})
_WHOLE = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?][!-~]*)?")
"""What needs no second look: the address of most links of most listings."""
_TOO_MANY_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*://)/+")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One link and what its listing says about it, dates as they are written there."""

    link: str = ""
    """Absolute, http or https; empty when the listing gives none of that kind."""
    original: str = ""
    """The page's own address, where ``link`` leads over a counter of clicks (FeedBurner's)."""
    id: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    summary: str = ""
    language: str = ""
    site_name: str = ""

    @property
    def address(self) -> str:
        """Where the page is to be fetched."""
        return self.original or self.link


class Rhythm(msgspec.Struct, frozen=True, kw_only=True):
    """When a listing says that it changes; what it does not say is zero or empty."""

    ttl: int = 0
    """Minutes that a copy may be kept (RSS ``ttl``)."""
    every: int = 0
    """Minutes between two changes: ``sy:updatePeriod`` by ``sy:updateFrequency``."""
    base: str = ""
    """A time that changes are counted from (``sy:updateBase``), as it is written there."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, 0 to 23 in UTC, in which nothing changes."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week, 0 for Monday to 6, in which nothing changes."""


class Alternate(msgspec.Struct, frozen=True, kw_only=True):
    """A feed that a page offers."""

    url: str
    type: str
    title: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A feed, a sitemap, an index of sitemaps or a section page, read."""

    kind: ListingKind
    form: ListingForm
    entries: tuple[Entry, ...]
    total: int
    """How many entries there were before the listing was cut."""
    title: str = ""
    link: str = ""
    language: str = ""
    flaw: str = ""
    """Where it is broken, when it could be read all the same."""
    rhythm: Rhythm = Rhythm()
    hub: str = ""
    """Where a subscription is asked for (WebSub); empty when the feed offers none."""
    self_url: str = ""
    """The feed's own address as it states it, which is the topic of a subscription."""
    alternates: tuple[Alternate, ...] = ()
    """Feeds that a page offers; for section pages only."""
    article: bool = False
    """Whether a page looks like an article itself; for section pages only."""


class Unreadable(msgspec.Struct, frozen=True):
    """A body that is nothing that can be followed or read, and why."""

    reason: str


def absolute(base: str, link: str) -> str:
    """``link`` as seen from ``base``; empty when it is no address on the web."""
    if _WHOLE.fullmatch(link):
        return link
    try:
        joined = urljoin(base, _TOO_MANY_SLASHES.sub(r"\1", link.strip()))
        scheme = urlsplit(joined).scheme
    except ValueError:
        return ""
    return joined if scheme in _FOLLOWED else ""
