"""OPML 1.0, 1.1 and 2.0: lists of feeds as feed readers write them. Hostile files are harmless.

Fields that OPML has no name for are attributes in a namespace of ours, which other programs skip.
Source: the specification of OPML 2.0, https://opml.org/spec2.opml.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from email.utils import format_datetime
from io import BytesIO

from lxml import etree

from services.errors import UserError
from services.sources.read import MOST_SOURCES, Problem, Read
from services.sources.rules import KINDS, Draft
from services.sources.spans import span_text
from services.store.port import Source

NAMESPACE = "urn:beatwire:sources"
MOST_DEPTH = 16
MOST_TAGS = 100_000
_OWN = f"{{{NAMESPACE}}}"
_DECLARES = re.compile(rb"<!\s*(?:ENTITY|ATTLIST|ELEMENT|NOTATION)", re.IGNORECASE)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BARE = re.compile(rb"&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)", re.IGNORECASE)
"""An ampersand that begins no reference, as many programs leave it in addresses."""
_REMEDY = "export the list once more from the program that made it"


def read_opml(data: bytes) -> Iterator[Read]:
    """Every outline with an address. No entity is expanded, no file or socket opened.

    Raises:
        UserError: this is no OPML at all, or declares entities, or has no end of tags.
    """
    # Wide charsets spell the same letters with zeros between.
    if _DECLARES.search(data.replace(b"\0", b"")):
        raise UserError(f"an OPML file that declares entities is not read; {_REMEDY}")
    root, found, tags, depth = "", 0, 0, 0
    events = _events(_BARE.sub(b"&amp;", data) if b"\0" not in data else data)
    for event, element in events:
        if event == "end":
            depth -= 1
            _forget(element)
            continue
        depth, tags = depth + 1, tags + 1
        name = etree.QName(element).localname.lower()
        root = root or name
        if root != "opml":
            raise UserError(f"this is XML, but no OPML (it begins with <{root[:40]}>)")
        if tags > MOST_TAGS:
            raise UserError(f"an OPML file with more than {MOST_TAGS:,} tags is not read; split it")
        if name != "outline" or not (read := _outline(element, depth)):
            continue
        found += 1
        if found > MOST_SOURCES:
            raise UserError(f"a list of more than {MOST_SOURCES:,} sources is not read; split it")
        yield read
    if not root:
        raise UserError(f"this cannot be read as XML: {_flaw(events)}; {_REMEDY}")
    if flaw := _flaw(events):
        yield Problem(flaw.partition(":")[0], flaw.partition(": ")[2], _REMEDY)


def _events(data: bytes) -> "etree.iterparse[tuple[str, etree._Element]]":
    return etree.iterparse(
        BytesIO(data),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _forget(element: "etree._Element") -> None:
    """Free what was read: the element's inside, and its elder siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _flaw(events: "etree.iterparse[tuple[str, etree._Element]]") -> str:
    """``line 3: what is wrong``, of the first thing; empty for a sound file."""
    for entry in events.error_log:
        deep = "depth" in entry.message
        return f"line {entry.line}: {'nested too deeply' if deep else entry.message.strip()}"
    return ""


def _outline(element: "etree._Element", depth: int) -> Read | None:
    """One outline; None for a heading or a link of another kind."""
    given = {str(key).lower(): str(value).strip() for key, value in element.attrib.items()}
    where = f"line {element.sourceline}"
    url = given.get("xmlurl", "")
    if not url:
        if given.get("type", "").lower() in {"rss", "atom"} or "htmlurl" in given:
            named = given.get("text", given.get("title", ""))[:60]
            return Problem(where, f"{named!r} has no address of a feed", "add an xmlUrl to it")
        return None
    if depth > MOST_DEPTH:
        return Problem(where, f"deeper than {MOST_DEPTH} levels", "move it further out")
    own = {name: given.get(f"{_OWN}{name}".lower(), "") for name in ("id", "every", "priority")}
    priority = own["priority"].removeprefix("-")
    draft = Draft(
        url=url,
        id=own["id"],
        name=given.get("text", "") or given.get("title", ""),
        kind=_kind(given.get("category", "")),
        language=_language(given.get("language", "")),
        home=_home(given.get("htmlurl", "")),
        every=own["every"],
        priority=int(own["priority"]) if priority.isascii() and priority.isdigit() else 0,
        paused=given.get(f"{_OWN}paused".lower(), "") == "true",
    )
    return draft, where


def _kind(category: str) -> str:
    """The kind among the categories; those of other programs mean nothing here."""
    words = (part.strip("/ ").lower() for part in re.split("[,/]", category))
    return next((word for word in words if word in KINDS), "")


def _language(language: str) -> str:
    """Readers write ``en-us``, ``unknown``, and worse: what is no code is left out."""
    base = re.split("[-_]", language.lower(), maxsplit=1)[0]
    return base if re.fullmatch("[a-z]{2,3}", base, re.ASCII) else ""


def _home(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def write_opml(sources: Iterable[Source], now: datetime) -> bytes:
    """An OPML 2.0 document, one group of outlines a kind."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"beatwire": NAMESPACE})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Sources of Beatwire"
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    groups: dict[str, etree._Element] = {}
    for source in sources:
        place = body
        if source.kind:
            if source.kind not in groups:
                words = {"text": source.kind, "title": source.kind}
                groups[source.kind] = etree.SubElement(body, "outline", words)
            place = groups[source.kind]
        etree.SubElement(place, "outline", _attributes(source))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _attributes(source: Source) -> dict[str, str]:
    name = source.name or source.id
    given = {
        "type": "rss",
        "text": name,
        "title": name,
        "xmlUrl": source.url,
        "htmlUrl": source.home,
        "language": source.language,
        "category": source.kind and f"/{source.kind}",
        f"{_OWN}id": source.id,
        f"{_OWN}every": span_text(source.every) if source.every else "",
        f"{_OWN}priority": str(source.priority) if source.priority else "",
        f"{_OWN}paused": "true" if source.paused else "",
    }
    return {key: _NOT_XML.sub("\ufffd", value) for key, value in given.items() if value}
