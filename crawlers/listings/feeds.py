"""RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, CDF, with the extensions that newsrooms use.

The reader is ours, on lxml, since feeds are hostile: nothing is loaded, expanded or evaluated.
"""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from crawlers.listings.entries import Entry, Listing, ListingForm, Unreadable, absolute
from crawlers.listings.fields import (
    Fields,
    authors_of,
    base_of,
    first,
    language_of,
    last,
    link_of,
    summary_of,
    text_of,
    title_of,
)
from crawlers.listings.markup import local, parse_xml
from crawlers.listings.names import attribute, name_of
from crawlers.listings.subscribing import stated_in
from crawlers.listings.updating import read_rhythm

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_FORMS: dict[str, ListingForm] = {"rss": "rss", "rdf": "rdf", "feed": "atom", "channel": "cdf"}
_MANY = 40
"""Children of one name that are looked at; hostile feeds repeat them endlessly."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BEGUN = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.IGNORECASE)
_GROUPS = frozenset({"media:group", "media:content"})
_PUBLISHED = ("published", "issued", "pubdate", "dcterms:issued", "prism:publicationdate")
_UPDATED = ("updated", "modified", "lastbuilddate", "dcterms:modified", "prism:modificationdate")


def parse_feed(
    text: str, url: str, most: int, headers: Mapping[str, str] | None = None
) -> Listing | Unreadable:
    """Read a feed found at ``url``; at most ``most`` entries, in the feed's order.

    ``headers`` (names in lower case) are those of the response: what relative links start from,
    the language, and where to subscribe may stand there. A broken feed is read as far as it goes;
    one without anything to read says where it breaks.
    """
    root, flaw = parse_xml(text)
    if root is None or local(root.tag) not in FEED_ROOTS:
        return Unreadable(f"not a feed: {flaw or 'no feed element'}")
    headers = headers or {}
    start = absolute(url, headers.get("content-location", "")) or url
    entries: list[Entry] = []
    total = 0
    for item in _items(root):
        total += 1
        if total <= most:
            entries.append(_entry(item, base_of(item, start)))
    channel = _channel(root)
    head, base = _fields(channel), base_of(channel, start)
    title, link = title_of(head), link_of(channel, head, base, own=False)
    # An empty feed may lack its last bracket; one that breaks off in its first entry is no such.
    empty = (title or link) and not _BEGUN.search(text)
    if flaw and not (empty or any(entry.link or entry.title for entry in entries)):
        return Unreadable(f"not a feed: {flaw}")
    hub, self_url = stated_in(head.get("link", ()), headers, url, base)
    return Listing(
        kind="feed",
        form=_FORMS[local(root.tag)],
        entries=tuple(entries),
        total=total,
        title=title,
        link=link,
        language=(language_of(root, head) or headers.get("content-language", ""))[:35],
        flaw=flaw,
        rhythm=read_rhythm(channel),
        hub=hub,
        self_url=self_url,
    )


def _items(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter("*"):
        if name_of(element) in {"item", "entry"}:
            yield element


def _channel(root: etree._Element) -> etree._Element:
    if local(root.tag) in {"feed", "channel"}:
        return root
    return next((child for child in root if name_of(child) in {"channel", "feed"}), root)


def _fields(element: etree._Element) -> Fields:
    """Children by name, in their order; those of groups of media after the entry's own."""
    fields: Fields = {}
    groups: list[etree._Element] = []
    for child in element:
        name = name_of(child)
        if name in _GROUPS and len(groups) < _MANY:
            groups.append(child)
        named = fields.setdefault(name, [])
        if len(named) < _MANY:
            named.append(child)
    for group in groups:
        for name, children in _fields(group).items() if len(group) else ():
            if name.startswith("media:") and name not in _GROUPS:
                fields.setdefault(name, children)
    return fields


def _entry(item: etree._Element, base: str) -> Entry:
    fields = _fields(item)
    stated = last(fields, *_PUBLISHED)
    published = stated or first(fields, "dc:date", "created", "dcterms:created", "date")
    updated = last(fields, *_UPDATED) or (first(fields, "dc:date") if stated else "")
    return Entry(
        link=link_of(item, fields, base),
        original=absolute(base, origin) if (origin := first(fields, "feedburner:origlink")) else "",
        id=_id(item, fields),
        title=title_of(fields),
        authors=authors_of(fields),
        published=published[:100],
        updated=(updated or attribute(item, "lastmod"))[:100],
        summary=summary_of(fields),
        language=language_of(item, fields)[:35],
    )


def _id(item: etree._Element, fields: Fields) -> str:
    """The id as it is written; a relative one is seen from ``xml:base``, where there is one."""
    for element in (*fields.get("guid", ()), *fields.get("id", ())):
        if found := text_of(element)[:2000]:
            fixed = attribute(element, "ispermalink").lower() == "false"
            base = "" if fixed or _SCHEME.match(found) else base_of(element, "")
            return absolute(base, found) or found if base else found
    return (item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or "")[:2000]
