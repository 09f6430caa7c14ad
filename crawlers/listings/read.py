"""What a fetched body is: told from its bytes, since servers' content types lie."""

import re
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from crawlers.listings.alternates import feed_of
from crawlers.listings.charsets import decode
from crawlers.listings.entries import Entry, Listing, Unreadable
from crawlers.listings.feeds import FEED_ROOTS, parse_feed
from crawlers.listings.jsonfeed import parse_json_feed
from crawlers.listings.markup import parse_xml
from crawlers.listings.sections import is_list, read_section
from crawlers.listings.sitemaps import SITEMAP_ROOTS, parse_link_list, parse_sitemap

MIB = 1024 * 1024
MAX_PAGE = 5 * MIB
MAX_FEED = 10 * MIB
MAX_SITEMAP = 50 * MIB
MAX_ENTRIES = 200
"""Entries taken from one listing."""
MAX_CHILDREN = 20
"""Sitemaps followed from one index."""

_HEAD = 64 * 1024
_GZIP = b"\x1f\x8b"
_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a zip file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image or a sound"),
    (b"\x00\x00\x00", "a video"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"\x28\xb5\x2f\xfd", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"\x7fELF", "a program"),
)
_PROLOG = re.compile(
    r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^<>\[]*(?:\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|p|h1|table)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"<\?xml\s|<(?:rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_JUNK = 4000
"""Characters of warnings and the like that may stand before a document."""
_LINK_LINE = re.compile(r"\s*https?://\S+\s*(?:\n|$)")

_CALLED_XML = re.compile("xml|rss|atom", re.IGNORECASE)

PageFound = Literal["page"]


def read_listing(
    body: bytes,
    content_type: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    most: int = MAX_ENTRIES,
    now: datetime | None = None,
) -> Listing | Unreadable | PageFound:
    """A feed or sitemap with its entries, the word ``page``, or why it is neither.

    ``headers`` (names in lower case) are those of the response, where there was one. ``now`` tells
    dates in the future from others; without it they count as any.
    """
    if body.startswith(_GZIP):
        unpacked = gunzip(body, MAX_SITEMAP)
        if unpacked is None:
            return Unreadable("a compressed file that is broken or too large")
        body = unpacked
    start = decode(body[:_HEAD], content_type)
    head = start[_junk_before(start) :].lstrip()
    root = root_name(head)
    if root in SITEMAP_ROOTS:
        many = min(most, MAX_CHILDREN) if root == "sitemapindex" else most
        latest = (now + timedelta(days=1)).date().isoformat() if now else ""
        return parse_sitemap(_text(body, content_type, start), url, many, latest)
    if root in FEED_ROOTS or head.startswith("{"):
        if len(body) > MAX_FEED:
            return Unreadable("a feed of more than 10 MiB")
        parse = parse_feed if root else parse_json_feed
        return parse(_text(body, content_type, start), url, most, headers)
    reason = not_a_page(body)
    return "page" if reason is None else _last_guess(body, content_type, url, reason, most)


def read_seed(
    body: bytes,
    content_type: str,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    section: bool = False,
    now: datetime | None = None,
) -> Listing | Unreadable | PageFound:
    """As ``read_listing``, for what a person named as a source: a page may be a list, too.

    A page that offers a feed of itself is an index of that one feed, since feeds say more. One
    that lists articles is a section; ``section`` says that it is meant as one in any case.
    """
    found = read_listing(body, content_type, url, headers, now=now)
    if found != "page" or len(body) > MAX_PAGE:
        return found
    listed = read_section(body, content_type, url, MAX_ENTRIES)
    if isinstance(listed, Unreadable):
        return listed if section else "page"
    if not section and not is_list(listed):
        return "page"
    if not section and (feed := feed_of(listed.alternates, url)):
        entry = Entry(link=feed.url, title=feed.title)
        return Listing(kind="index", form="html", entries=(entry,), total=1, title=listed.title)
    return listed if listed.entries else Unreadable("a page without links to articles")


def _text(body: bytes, content_type: str, start: str) -> str:
    text = decode(body, content_type)
    return text[_junk_before(start) :]


def _junk_before(start: str) -> int:
    """Where the document begins, behind what a server printed by mistake; mostly 0."""
    if start.lstrip()[:1] in {"<", "{"} and root_name(start.lstrip()) != "br":
        return 0
    found = _BEGINS.search(start, 0, _JUNK)
    return found.start() if found and not _HTML_ROOT.search(start, 0, found.start()) else 0


def _last_guess(
    body: bytes, content_type: str, url: str, reason: str, most: int
) -> Listing | Unreadable:
    """A list of links; else the reason, in terms of XML where the server calls it that."""
    head = decode(body[:_HEAD], content_type).lstrip()
    if _LINK_LINE.match(head):
        return parse_link_list(decode(body, content_type), url, most)
    if reason == "not HTML" and (head.startswith("<?xml") or _CALLED_XML.search(content_type)):
        flaw = parse_xml(decode(body[:MAX_FEED], content_type))[1]
        return Unreadable(f"not a feed: {flaw or 'no feed element'}")
    return Unreadable(reason)


def not_a_page(body: bytes) -> str | None:
    """Why a body is no HTML page; None when it is one."""
    if not body.strip():
        return "empty"
    for signature, kind in _SIGNATURES:
        if body.startswith(signature):
            return f"not HTML but {kind}"
    head = decode(body[:_HEAD]).lstrip()
    if root_name(head) in FEED_ROOTS | SITEMAP_ROOTS:
        return "not HTML but a feed or a sitemap"
    return None if _HTML.search(head) else "not HTML"


def root_name(head: str) -> str:
    """The first element's local name in lower case; empty when no element begins the text."""
    at = 0
    while match := _PROLOG.match(head, at):
        at = match.end()
    found = _ROOT.match(head, at)
    return found[1].lower() if found else ""


def gunzip(body: bytes, most: int) -> bytes | None:
    """The unpacked bytes; None when they are broken, more than ``most``, or packed again."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, most + 1)
    except zlib.error:
        return None
    if len(unpacked) > most or unpacked.startswith(_GZIP) or not unpacker.eof:
        return None
    return unpacked
