"""Sitemaps (sitemaps.org) with the news extension, indexes of sitemaps, and plain lists of links.

Read as a stream: not even a file of 50 MiB becomes a tree. The newest entries are kept when there
are more than wanted, since a sitemap has no order that could be relied on.
"""

import heapq
import io
from collections.abc import Iterator

from lxml import etree

from crawlers.listings.entries import Entry, Listing, ListingForm, ListingKind, Unreadable, absolute
from crawlers.listings.markup import GUARDED, flaw_of, local, mend
from crawlers.listings.wording import plain

SITEMAP_ROOTS = frozenset({"urlset", "sitemapindex"})
_ENTRIES = frozenset({"url", "sitemap"})
MAX_READ = 60_000
"""Addresses that are read of one sitemap, which may hold 50,000."""
_FIELDS = frozenset({"loc", "lastmod", "title", "publication_date", "language", "name"})


def parse_sitemap(text: str, url: str, most: int, latest: str = "") -> Listing | Unreadable:
    """Read a sitemap or an index; ``most`` entries, the newest ones when there are more.

    Each address counts once, however often it stands there. A date after ``latest`` (a day in ISO
    8601) is none: else a site whose clock is wrong would show the same pages for ever.
    """
    source = io.BytesIO(mend(_whole(text)).encode())
    stream = etree.iterparse(source, events=("start", "end"), **GUARDED)
    count = _Count(latest)
    try:
        kept = heapq.nlargest(most, _entries(stream, url, count), key=lambda row: row[:2])
    except etree.XMLSyntaxError as error:
        return Unreadable(f"not a sitemap: XML broken at line {error.lineno or 1}")
    flaw = flaw_of(stream.error_log) or count.flaw
    if flaw and not count.entries:
        return Unreadable(f"not a sitemap: {flaw}")
    if count.entries <= most:
        kept.sort(key=lambda row: -row[1])
    entries = tuple(row[2] for row in kept)
    kind: ListingKind = "index" if count.root == "sitemapindex" else "sitemap"
    form: ListingForm = "sitemapindex" if kind == "index" else "urlset"
    return Listing(kind=kind, form=form, entries=entries, total=count.entries, flaw=flaw)


def _whole(text: str) -> str:
    """Without the address or the date that the text breaks off in: half of one is none."""
    last = text.rfind("<")
    tag, end, rest = text[last:].partition(">")
    return text[:last] if end and rest.strip() and not tag.startswith("</") else text


def parse_link_list(text: str, url: str, most: int) -> Listing:
    """A text file with one address a line."""
    lines = (line.strip() for line in text.splitlines())
    known = dict.fromkeys(line for line in lines if line.startswith(("http://", "https://")))
    links = [link for line in known if (link := absolute(url, line))]
    entries = tuple(Entry(link=link) for link in links[:most])
    return Listing(kind="sitemap", form="text", entries=entries, total=len(links))


class _Count:
    """What is known of a sitemap while it streams by."""

    def __init__(self, latest: str) -> None:
        self.latest = latest
        self.read = 0
        self.flaw = ""
        self.entries = 0
        self.root = ""
        self._seen: set[int] = set()

    def fresh(self, link: str) -> bool:
        """Whether the address did not stand there before."""
        key = hash(link)
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def date(self, entry: Entry) -> str:
        """What entries are ordered by; empty for none, or one that cannot be true."""
        stated = entry.published or entry.updated
        if not stated[:4].isdecimal():
            return ""
        return "" if self.latest and stated[:10] > self.latest else stated


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
            count.read += 1
            if count.read > MAX_READ:
                count.flaw = f"more than {MAX_READ:,} addresses"
                return
            if (entry := _entry(fields, url)) and count.fresh(entry.link):
                count.entries += 1
                yield count.date(entry), -count.entries, entry
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
