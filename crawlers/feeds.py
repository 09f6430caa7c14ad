"""RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, with the extensions that newsrooms use.

The reader is ours, on lxml, since feeds are hostile: nothing is loaded, expanded or evaluated.
"""

from collections.abc import Iterator

from lxml import etree

from crawlers.entries import Entry, Listing, Unreadable, absolute
from crawlers.markup import local, parse_xml, plain

FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})

_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/atom": "atom:",
    "https://www.w3.org/2005/atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/net/rss1.1#": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/elements/1.0/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://search.yahoo.com/mrss": "media:",
}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_MORE_THAN_TEXT = 40
"""Children of one entry that are looked at for a name; hostile feeds repeat them endlessly."""

Fields = dict[str, list[etree._Element]]


def parse_feed(text: str, url: str, most: int) -> Listing | Unreadable:
    """Read a feed found at ``url``; at most ``most`` entries, in the feed's order.

    A broken feed is read as far as it goes; one without anything to read says where it breaks.
    """
    root, flaw = parse_xml(text)
    if root is None or local(root.tag) not in FEED_ROOTS:
        return Unreadable(f"not a feed: {flaw or 'no feed element'}")
    entries: list[Entry] = []
    total = 0
    for item in _items(root):
        total += 1
        if total <= most:
            entries.append(_entry(item, _base(item, url)))
    if flaw and not any(entry.link for entry in entries):
        return Unreadable(f"not a feed: {flaw}")
    head = _fields(_head(root))
    return Listing(
        kind="feed",
        entries=tuple(entries),
        total=total,
        title=_title(head),
        link=_link(head, _base(root, url)),
        language=_language(root, head),
        flaw=flaw,
    )


def _items(root: etree._Element) -> Iterator[etree._Element]:
    for element in root.iter("{*}*"):
        if _name(element) in {"item", "atom:entry", "entry"}:
            yield element


def _head(root: etree._Element) -> etree._Element:
    if local(root.tag) in {"feed", "channel"}:
        return root
    return next((child for child in root if local(child.tag) == "channel"), root)


def _name(element: etree._Element) -> str:
    """``title``, ``atom:link``, ``dc:date``; a namespace that we do not know stays outside."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.rpartition("}")
    known = _PREFIXES.get(space.removeprefix("{").strip().lower(), "?")
    return known + name.lower()


def _fields(element: etree._Element) -> Fields:
    fields: Fields = {}
    for child in element:
        named = fields.setdefault(_name(child).removeprefix("atom:"), [])
        if len(named) < _MORE_THAN_TEXT:
            named.append(child)
    return fields


def _entry(item: etree._Element, base: str) -> Entry:
    fields = _fields(item)
    published = _first(fields, "pubdate", "published", "dc:date", "dcterms:issued", "issued",
                       "dcterms:created", "created", "date")  # fmt: skip
    return Entry(
        link=_link(fields, base),
        id=_first(fields, "guid", "id") or _about(item),
        title=_title(fields),
        authors=_authors(fields),
        published=published[:100],
        updated=_first(fields, "updated", "dcterms:modified", "modified")[:100],
        summary=_summary(fields),
        language=_language(item, fields),
    )


def _text(element: etree._Element, most: int = 100_000) -> str:
    pieces: list[str] = []
    for piece in element.itertext():
        pieces.append(piece[:most])
        most -= len(pieces[-1])
        if most <= 0:
            break
    return "".join(pieces).strip()


def _first(fields: Fields, *names: str) -> str:
    for name in names:
        for element in fields.get(name, ()):
            if text := _text(element):
                return text
    return ""


def _title(fields: Fields) -> str:
    return plain(_first(fields, "title", "dc:title", "media:title"))


def _summary(fields: Fields) -> str:
    names = ("description", "summary", "content:encoded", "content", "media:description")
    return plain(_first(fields, *names), 2000)


def _link(fields: Fields, base: str) -> str:
    """The page: ``<link>``'s text or its ``href`` as an alternate, else a guid that is a link."""
    for element in sorted(fields.get("link", ()), key=_link_rank):
        if _link_rank(element) < 2 and (target := element.get("href") or _text(element)):
            return absolute(_base(element, base, inherit=False), target)
    for guid in fields.get("guid", ()):
        if guid.get("isPermaLink", "true").lower() != "false" and "://" in _text(guid):
            return absolute(base, _text(guid))
    return ""


def _link_rank(element: etree._Element) -> int:
    if element.get("rel", "alternate").lower() not in {"alternate", ""}:
        return 2
    return 0 if element.get("type", "text/html").lower().startswith(("text/html", "application/x"
                                                                     "html")) else 1  # fmt: skip


def _authors(fields: Fields) -> tuple[str, ...]:
    found = []
    for name in ("author", "dc:creator"):
        for element in fields.get(name, ())[:20]:
            inner = _fields(element)
            text = _first(inner, "name") if inner else _text(element, 500)
            found.append(plain(_without_mailbox(text), 200))
    return tuple(dict.fromkeys(author for author in found if author))


def _without_mailbox(text: str) -> str:
    """``desk@paper.example (Ada Writer)``, as RSS has it, is Ada Writer."""
    mailbox, _, name = text.partition("(")
    return name[:-1] if "@" in mailbox and name.endswith(")") else text


def _language(element: etree._Element, fields: Fields) -> str:
    return (element.get(f"{_XML}lang") or _first(fields, "language", "dc:language"))[:35]


def _about(item: etree._Element) -> str:
    return item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")


def _base(element: etree._Element, url: str, *, inherit: bool = True) -> str:
    """The address that relative links start from: ``xml:base`` of all around, outermost first."""
    around = list(element.iterancestors())[::-1] if inherit else []
    base = url
    for level in (*around, element):
        base = absolute(base, level.get(f"{_XML}base", ""))
    return base
