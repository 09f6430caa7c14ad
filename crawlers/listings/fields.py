"""What the children of an entry, or of a feed's head, say: title, link, authors, summary."""

import base64
import binascii
from collections.abc import Iterator

from lxml import etree

from crawlers.listings.entries import absolute
from crawlers.listings.names import XML, attribute, name_of
from crawlers.listings.wording import plain

Fields = dict[str, list[etree._Element]]
"""Child elements by their names."""

_PAGES = ("text/html", "application/xhtml+xml", "html", "xhtml")
_AUTHORS = ("author", "dc:creator", "dc:author")
_SUMMARIES = (
    "description", "summary", "dc:description", "itunes:summary", "abstract", "content:encoded",
    "content", "media:description", "fullitem", "body", "xhtml:body",
)  # fmt: skip


def text_of(element: etree._Element, most: int = 100_000) -> str:
    """All text inside, markup left out, base64 read; at most ``most`` characters."""
    if not len(element):  # as nearly all are
        text = (element.text or "")[:most].strip()
        return _unpacked(text) if text and element.attrib and _is_base64(element) else text
    pieces: list[str] = []
    left = most
    for piece in element.itertext():
        pieces.append(str(piece)[:left])
        left -= len(pieces[-1])
        if left <= 0:
            break
    text = "".join(pieces).strip()
    return _unpacked(text) if text and _is_base64(element) else text


def _is_base64(element: etree._Element) -> bool:
    """By Atom 0.3's mode, or by a type of Atom 1.0 that is no text (RFC 4287, 4.1.3.3)."""
    if attribute(element, "mode").lower() == "base64":
        return True
    kind = attribute(element, "type").strip().lower()
    plain_kinds = kind.startswith("text/") or kind.endswith(("+xml", "/xml"))
    return "/" in kind and not plain_kinds and name_of(element) != "link"


def _unpacked(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text


def _texts(fields: Fields, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for element in fields.get(name, ()):
            if text := text_of(element):
                yield text


def first(fields: Fields, *names: str) -> str:
    """The first of these that says anything, in the order of the names."""
    return next(_texts(fields, names), "")


def last(fields: Fields, *names: str) -> str:
    """What the first name with any text says last: of two times, the later one replaces."""
    for name in names:
        if name in fields and (found := list(_texts(fields, (name,)))):
            return found[-1]
    return ""


def title_of(fields: Fields) -> str:
    """The title as one line of plain text."""
    for title in _texts(fields, ("title", "dc:title", "media:title", "itunes:title")):
        if line := plain(title):
            return line
    return ""


def summary_of(fields: Fields) -> str:
    """What the entry says of its page, as one line of at most 2,000 characters."""
    return plain(first(fields, *_SUMMARIES), 2000)


def link_of(element: etree._Element, fields: Fields, base: str, *, own: bool = True) -> str:
    """The page: what the last ``<link>`` leads to that leads to one, else an id that is one.

    ``own``: the element is an entry, of which ``rdf:about`` is the page; of a feed it is the feed.
    """
    found = ""
    for link in fields.get("link", ()):
        if _leads_to_a_page(link) and (target := _target(link)):
            found = absolute(base_of(link, base, inherit=False), target) or found
    if not found and name_of(element) in {"item", "channel"}:
        href = attribute(element, "href")
        found = absolute(base, href) if href else ""
    return found or _from_id(element if own else None, fields, base)


def _target(link: etree._Element) -> str:
    if href := attribute(link, "href", "url", "uri"):
        return href
    return text_of(link, 5000).replace("&amp;", "&")


def _leads_to_a_page(link: etree._Element) -> bool:
    """An alternate in HTML, which is what a link is that does not say; no PDF, no JSON, no feed."""
    relations = (attribute(link, "rel").lower() or "alternate").split()
    kind = attribute(link, "type").strip().lower()
    return "alternate" in relations and (not kind or kind.startswith(_PAGES))


def _from_id(item: etree._Element | None, fields: Fields, base: str) -> str:
    for element in (*fields.get("guid", ()), *fields.get("id", ())):
        permanent = attribute(element, "ispermalink").lower() != "false"
        text = text_of(element, 5000)
        if permanent and "://" in text and (link := absolute(base, text)):
            return link
    about = (
        item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") if item is not None else ""
    )
    return absolute(base, about) if about and "://" in about else ""


def authors_of(fields: Fields) -> tuple[str, ...]:
    """Names of people, each once; an address of mail only where there is no name at all."""
    elements = [each for name in _AUTHORS for each in fields.get(name, ())[:20]]
    elements = elements or fields.get("itunes:author", [])[:20]
    found = [plain(_without_mailbox(_person(each)), 200) for each in elements]
    named = [author for author in found if author and "@" not in author]
    return tuple(dict.fromkeys(named or [author for author in found if author]))


def _person(element: etree._Element) -> str:
    """``<author><name>``, ``<dc:creator><foaf:Person><foaf:name>``, or just the text."""
    inside = list(element.iter("*"))[1:20]
    names = [each for each in inside if name_of(each).rpartition(":")[2] == "name"]
    if names:
        return text_of(names[0], 500)
    mails = [each for each in inside if name_of(each).rpartition(":")[2] == "email"]
    return text_of(mails[0] if mails else element, 500)


def _without_mailbox(text: str) -> str:
    """``desk@paper.example (Ada Writer)``, as RSS has it, is Ada Writer; so is the other way."""
    mailbox, _, name = text.partition("(")
    if "@" in mailbox and name.endswith(")") and len(name) > 1:
        return name[:-1]
    name, _, mailbox = text.partition("<")
    return name if "@" in mailbox and mailbox.endswith(">") and name.strip() else text


def language_of(element: etree._Element, fields: Fields) -> str:
    """A language tag as it is written there."""
    return element.get(f"{XML}lang") or first(fields, "language", "dc:language")


def base_of(element: etree._Element, url: str, *, inherit: bool = True) -> str:
    """The address that relative links start from: ``xml:base`` of all around, outermost first."""
    around = list(element.iterancestors())[::-1] if inherit else []
    base = url
    for level in (*around, element):
        if stated := level.get(f"{XML}base") or level.get("base") or level.get("BASE"):
            base = absolute(base, stated) or base
    return base
