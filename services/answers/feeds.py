"""A search as a feed: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1."""

import html
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from lxml import etree

from processors.figures import claim_line
from services.answers.clean import one_line
from services.index import Hit, source_name

ENTRIES = 50
CLAIMS_SHOWN = 8
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries changed last."""
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a feed shows it; all text is clean and without markup."""

    id: str
    """Of the article alone, so it stays what it is wherever and whenever the feed is made."""
    title: str
    link: str
    page: str
    """Where this Beatwire shows the article with its claims."""
    author: str
    published: datetime
    updated: datetime
    """When this version of the article was fetched."""
    text: str


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    page: str
    """The search that it follows, for people."""
    address: str
    """Its own."""
    entries: tuple[Entry, ...]

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=BEGINNING)


def entry(hit: Hit, base: str) -> Entry:
    """``base`` is the address of this Beatwire, without a slash at its end."""
    article = hit.article
    name = quote(one_line(article.id), safe="")
    page = f"{base}/article/{name}"
    published = article.published or article.fetched_at
    told = [hit.snippet.text, *map(claim_line, article.claims[:CLAIMS_SHOWN])]
    names = ", ".join(article.authors) or source_name(article)
    return Entry(
        id=f"urn:beatwire:article:{name}",
        title=one_line(article.title) or one_line(article.url) or "Untitled",
        link=article.url if followed(article.url) else page,
        page=page,
        author=one_line(names) or "unknown",
        published=published,
        updated=article.fetched_at,
        text="\n".join(filter(None, map(one_line, told))),
    )


def atom(feed: Feed) -> bytes:
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", _iso(feed.updated))
    _add(root, "generator", "Beatwire")
    _add(_add(root, "author"), "name", "Beatwire")
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for each in feed.entries:
        item = _add(root, "entry")
        _add(item, "id", each.id)
        _add(item, "title", each.title)
        _add(item, "link", rel="alternate", type="text/html", href=each.link)
        _add(item, "link", rel="related", type="text/html", href=each.page)
        _add(item, "published", _iso(each.published))
        _add(item, "updated", _iso(each.updated))
        _add(_add(item, "author"), "name", each.author)
        _add(item, "summary", each.text)
    return _written(root)


def rss(feed: Feed) -> bytes:
    root = etree.Element("rss", nsmap={"atom": _ATOM, "dc": _DC}, version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", f"What Beatwire finds for: {feed.title}")
    _add(channel, "lastBuildDate", format_datetime(feed.updated))
    link = etree.SubElement(channel, f"{{{_ATOM}}}link", rel="self", href=feed.address)
    link.set("type", "application/rss+xml")
    for each in feed.entries:
        item = _add(channel, "item")
        _add(item, "title", each.title)
        _add(item, "link", each.link)
        _add(item, "guid", each.id, isPermaLink="false")
        _add(item, "pubDate", format_datetime(each.published))
        etree.SubElement(item, f"{{{_DC}}}creator").text = each.author
        # Readers take a description for HTML, so what is text must be escaped to stay text.
        _add(item, "description", html.escape(each.text).replace("\n", "<br>"))
    return _written(root)


def json_feed(feed: Feed) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": each.id,
            "url": each.link,
            "_beatwire": {"page": each.page},
            "title": each.title,
            "content_text": each.text,
            "date_published": _iso(each.published),
            "date_modified": _iso(each.updated),
            "authors": [{"name": each.author}],
        }
        for each in feed.entries
    ]
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "items": items,
        }
    )


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    space = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{space}}}{name}" if space else name, attributes)
    child.text = text or None
    return child


def _written(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def followed(url: str) -> bool:
    """Whether a feed reader may follow it: http and https only, and no space in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and url == one_line(url)
