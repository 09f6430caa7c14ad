"""What a check of a source found, as its process writes it: one JSON line a source.

The process is ``crawlers.check``; it knows the web, and ``services.sources.checking`` reads.
"""

import msgspec


class RobotsFound(msgspec.Struct, frozen=True, kw_only=True):
    """What a site's robots.txt says to us."""

    status: int
    allowed: bool
    """Whether the source's address may be fetched."""
    delay: float = 0.0
    """Seconds between two requests that it asks for."""
    sitemaps: tuple[str, ...] = ()
    reason: str = ""
    """Why nothing at all may be fetched from this site."""


class PageFound(msgspec.Struct, frozen=True, kw_only=True):
    """One article that was fetched as the crawl would fetch it."""

    url: str
    outcome: str
    """As ``crawlers.fetching.outcomes`` has them."""
    reason: str = ""
    title: str = ""
    """What the listing calls it."""
    published: str = ""
    """When it was published, as the listing writes it."""
    final_url: str = ""
    content_type: str = ""
    body: bytes = b""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one address gave, with the first articles that it names."""

    seed: str
    """The address as it was asked for."""
    outcome: str
    reason: str = ""
    final_url: str = ""
    """Where redirects led."""
    status: int = 0
    content_type: str = ""
    size: int = 0
    kind: str = "unknown"
    """``feed``, ``sitemap``, ``index``, ``section`` or ``page``."""
    followed: str = ""
    """Of an index of sitemaps: the sitemap that was looked at."""
    title: str = ""
    language: str = ""
    entries: int = 0
    """Those with an address that can be followed."""
    total: int = 0
    """All that it names, before a long list is cut."""
    flaw: str = ""
    hub: str = ""
    every: int = 0
    """Minutes between two changes, by its own word; 0: it says nothing."""
    times: tuple[str, ...] = ()
    """When its entries were published, as it writes them."""
    validators: tuple[str, ...] = ()
    """Headers by which the next look costs next to nothing: ``etag``, ``last-modified``."""
    robots: RobotsFound | None = None
    articles: tuple[PageFound, ...] = ()
