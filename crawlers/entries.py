"""What feeds and sitemaps have in common: an entry, and a listing of entries."""

from typing import Literal
from urllib.parse import urljoin, urlsplit

import msgspec

ListingKind = Literal["feed", "sitemap", "index"]


_FOLLOWED = frozenset({"http", "https", ""})


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One link and what its listing says about it, dates as they are written there."""

    link: str = ""
    """Absolute, http or https; empty when the listing gives none of that kind."""
    id: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    summary: str = ""
    language: str = ""
    site_name: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A feed, a sitemap or an index of sitemaps, read."""

    kind: ListingKind
    entries: tuple[Entry, ...]
    total: int
    """How many entries there were before the listing was cut."""
    title: str = ""
    link: str = ""
    language: str = ""
    flaw: str = ""
    """Where it is broken, when it could be read all the same."""


class Unreadable(msgspec.Struct, frozen=True):
    """A body that is nothing that can be followed or read, and why."""

    reason: str


def absolute(base: str, link: str) -> str:
    """``link`` as seen from ``base``; empty when it is no address on the web."""
    try:
        joined = urljoin(base, link.strip())
        scheme = urlsplit(joined).scheme
    except ValueError:
        return ""
    return joined if scheme in _FOLLOWED else ""
