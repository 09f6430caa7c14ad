"""Sitemaps (sitemaps.org) with the news extension, indexes of sitemaps, and plain lists of links.

Read as a stream: a file of 50 MiB never becomes a tree. The newest entries are kept when there
are more than wanted, since a sitemap has no order that could be relied on.
"""

import codecs
import heapq
import io
import re
from collections.abc import Iterator

from lxml import etree

from crawlers.entries import Entry, Listing, ListingKind, Unreadable, absolute
from crawlers.markup import decode, flaw_of, local, plain

SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_BARE = re.compile(rb"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,32};)", re.DOTALL)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_IN_ENTRY = 64
"""Children of one entry that are looked at."""


def parse_sitemap(body: bytes, url: str, most: int) -> Listing | Unreadable:
    """Read a sitemap or an index; ``most`` entries, the newest ones when there are more."""
    wide = body.startswith(_WIDE)
    if wide:
        body = decode(body).encode()
    stream = etree.iterparse(
        io.BytesIO(_BARE.sub(_escaped, body.removeprefix(codecs.BOM_UTF8).lstrip())),
        events=("start", "end"),
        encoding="utf-8" if wide else None,
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    count = _Count()
    try:
        kept = heapq.nlargest(most, _entries(stream, url, count), key=lambda row: row[:2])
    except etree.XMLSyntaxError as error:
        return Unreadable(f"not a sitemap: XML broken at line {error.lineno or 1}")
    flaw = flaw_of(stream.error_log)
    if flaw and not count.entries:
        return Unreadable(f"not a sitemap: {flaw}")
    if count.entries <= most:
        kept.sort(key=lambda row: -row[1])
    entries = tuple(row[2] for row in kept)
    kind: ListingKind = "index" if count.root == "sitemapindex" else "sitemap"
    return Listing(kind=kind, entries=entries, total=count.entries, flaw=flaw)


def parse_link_list(text: str, url: str, most: int) -> Listing:
    """A text file with one address a line."""
    lines = (absolute(url, line) for line in text.splitlines())
    links = [link for link in lines if "://" in link]
    entries = tuple(Entry(link=link) for link in links[:most])
    return Listing(kind="sitemap", entries=entries, total=len(links))


def _escaped(match: re.Match[bytes]) -> bytes:
    return b"&amp;" if match[0] == b"&" else match[0]


class _Count:
    entries = 0
    root = ""


def _entries(stream: etree.iterparse, url: str, count: _Count) -> Iterator[tuple[str, int, Entry]]:  # type: ignore[type-arg]
    for event, element in stream:
        name = local(element.tag)
        if event == "start":
            count.root = count.root or name
        elif name in {"url", "sitemap"}:
            entry = _entry(element, url)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
            if entry.link:
                count.entries += 1
                yield entry.published or entry.updated, -count.entries, entry


def _entry(element: etree._Element, url: str) -> Entry:
    fields: dict[str, str] = {}
    for child, _ in zip(element.iter("{*}*"), range(_IN_ENTRY), strict=False):
        text = (child.text or "").strip()
        # Images and videos have a ``loc`` and a ``title`` of their own.
        if text and (child.getparent() is element or "news" in str(child.tag)):
            fields.setdefault(local(child.tag), text[:100_000])
    return Entry(
        link=absolute(url, fields["loc"]) if "loc" in fields else "",
        title=plain(fields.get("title", "")),
        published=fields.get("publication_date", "")[:100],
        updated=fields.get("lastmod", "")[:100],
        language=fields.get("language", "")[:35],
        site_name=plain(fields.get("name", ""), 200),
    )
