"""Sitemaps (sitemaps.org) with the news extension, indexes of sitemaps, and plain lists of links.

Read as a stream: not even a file of 50 MiB becomes a tree. The newest entries are kept when there
are more than wanted, since a sitemap has no order that could be relied on.
"""

import heapq
import io
from collections.abc import Iterator

from lxml import etree

from crawlers.entries import Entry, Listing, ListingKind, Unreadable, absolute
from crawlers.markup import GUARDED, flaw_of, local, mend, plain

SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = frozenset({"url", "sitemap"})
_FIELDS = frozenset({"loc", "lastmod", "title", "publication_date", "language", "name"})


def parse_sitemap(text: str, url: str, most: int) -> Listing | Unreadable:
    """Read a sitemap or an index; ``most`` entries, the newest ones when there are more."""
    source = io.BytesIO(mend(text).encode())
    stream = etree.iterparse(source, events=("start", "end"), **GUARDED)
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
    lines = (line.strip() for line in text.splitlines())
    links = [link for link in lines if link.startswith(("http://", "https://"))]
    entries = tuple(Entry(link=absolute(url, link)) for link in links[:most])
    return Listing(kind="sitemap", entries=entries, total=len(links))


class _Count:
    entries = 0
    root = ""


def _entries(stream: etree.iterparse, url: str, count: _Count) -> Iterator[tuple[str, int, Entry]]:  # type: ignore[type-arg]
    """Entries with their date and place. What was read is forgotten at once, of entries too."""
    around: etree._Element | None = None
    fields: dict[str, str] = {}
    for event, element in stream:
        name = local(element.tag)
        if event == "start":
            count.root = count.root or name
            if around is None and name in _ENTRIES:
                around, fields = element, {}
            continue
        if element is around:
            around = None
            if entry := _entry(fields, url):
                count.entries += 1
                yield entry.published or entry.updated, -count.entries, entry
        elif around is not None and _counts(element, around):
            fields.setdefault(name, (element.text or "").strip()[:100_000])
        _forget(element)


def _counts(element: etree._Element, around: etree._Element) -> bool:
    """Images and videos have a ``loc`` and a ``title`` of their own; news are ours."""
    own = element.getparent() is around or "news" in str(element.tag)
    return own and local(element.tag) in _FIELDS and bool((element.text or "").strip())


def _forget(element: etree._Element) -> None:
    parent = element.getparent()
    element.clear()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _entry(fields: dict[str, str], url: str) -> Entry | None:
    link = absolute(url, fields["loc"]) if "loc" in fields else ""
    if not link:
        return None
    return Entry(
        link=link,
        title=plain(fields.get("title", "")),
        published=fields.get("publication_date", "")[:100],
        updated=fields.get("lastmod", "")[:100],
        language=fields.get("language", "")[:35],
        site_name=plain(fields.get("name", ""), 200),
    )
