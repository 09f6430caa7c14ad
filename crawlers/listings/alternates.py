"""Feeds that a page offers: ``<link rel="alternate" type="application/rss+xml" …>``."""

from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawlers.listings.entries import Alternate, absolute
from crawlers.listings.wording import plain

MOST = 20
_TYPES = {
    "application/atom+xml": 0,
    "application/rss+xml": 1,
    "application/feed+json": 2,
    "application/rdf+xml": 3,
}
_COMMENTS = ("comment", "kommentar", "commentaire", "comentario", "replies")


def read_alternates(tree: HtmlElement, url: str) -> tuple[Alternate, ...]:
    """The feeds of articles that a page offers, those of its own section first."""
    base = next((absolute(url, each.get("href") or "") for each in tree.iter("base")), "") or url
    found: dict[str, Alternate] = {}
    for link in tree.iter("link", "a"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if kind not in _TYPES or "alternate" not in (link.get("rel") or "").lower().split():
            continue
        href = link.get("href")
        address = absolute(base, href) if href else ""
        title = plain(link.get("title") or "", 200)
        if not address.startswith(("http://", "https://")) or _is_of_comments(address, title):
            continue
        found.setdefault(address, Alternate(url=address, type=kind, title=title))
        if len(found) == MOST:
            break
    here = urlsplit(url).path.rstrip("/")
    return tuple(sorted(found.values(), key=lambda each: not _is_of(each.url, here)))


def _is_of(feed: str, path: str) -> bool:
    """Whether a feed's address stands under the page's own."""
    return bool(path) and urlsplit(feed).path.startswith(f"{path}/")


def _is_of_comments(address: str, title: str) -> bool:
    said = f"{urlsplit(address).path} {title}".lower()
    return any(word in said for word in _COMMENTS)


def feed_of(alternates: tuple[Alternate, ...], url: str) -> Alternate | None:
    """The feed that says what this page says: any for a front page, else one of its own path."""
    path = urlsplit(url).path.rstrip("/")
    fitting = [each for each in alternates if not path or _is_of(each.url, path)]
    return fitting[0] if fitting else None
