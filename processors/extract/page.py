"""A page parsed once: the tree, its ``meta`` values and its JSON-LD, shared by all readers."""

import re
from urllib.parse import urljoin, urlsplit

import msgspec
from lxml import etree
from lxml.html import HtmlComment, HtmlElement, HTMLParser, document_fromstring

from processors import ids
from processors.extract import jsonld
from processors.extract.decode import one_line
from processors.extract.siterules import Rule, selector

MAX_META = 500
_LONG_CLASS = 1_000
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
"""lxml's own look-up asks Python for the class of every element, for the sake of forms."""
_LONG_VALUE = re.compile(
    rf"(?<!=)=(?=\s*+(?:\"[^\"]{{{_LONG_CLASS}}}|'[^']{{{_LONG_CLASS}}}|[^\s\"'>]{{{_LONG_CLASS}}}))"
)
MOST_LONG_VALUES = 1_000
"""Each costs a look ahead; a page of signs alone would have millions."""
_WORDY = ("class", "id", "style")
_endless = etree.XPath(
    ".//*[" + " or ".join(f"string-length(@{name}) > {_LONG_CLASS}" for name in _WORDY) + "]"
)


class ParsedPage(msgspec.Struct, frozen=True):
    """What all readers of a page share; none of them may change the tree."""

    url: str
    tree: HtmlElement
    meta: dict[str, list[str]]
    """Contents by lower-case name, property or itemprop, in the order of the page."""
    nodes: list[jsonld.Node]
    article: jsonld.Node
    """The JSON-LD object of the article; empty when the page has none."""
    text: str
    """What was parsed; the tree lacks its scripts, styles and drawings."""
    rule: Rule | None
    """What is known of its site alone; None for most."""
    canonical_url: str
    """As the page states it, if it may: the same host, and not the site's root; else ``url``."""

    def first(self, *names: str) -> str:
        """The first non-empty ``meta`` value of these names, in their order; or ''."""
        return next((v for name in names for v in self.meta.get(name, ()) if v), "")


def parse_page(text: str, url: str, rule: Rule | None = None) -> ParsedPage | None:
    """Parse text that passed the gate; None when there is no element in it."""
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return None
    nodes = jsonld.read_nodes(tree)
    _drop_ballast(tree, nodes)
    if _has_endless_attributes(text):
        _drop_endless_attributes(tree)
    if rule:
        _drop_by_rule(tree, rule)
    canonical = _canonical(tree, url)
    addresses = frozenset(a.partition("#")[0].rstrip("/") for a in (url, canonical))
    article = jsonld.article_node(nodes, addresses)
    return ParsedPage(url, tree, _meta(tree), nodes, article, text, rule, canonical)


def _drop_by_rule(tree: HtmlElement, rule: Rule) -> None:
    for text in rule.drop:
        for element in selector(text)(tree):
            if element.getparent() is not None:
                element.drop_tree()


def _drop_ballast(tree: HtmlElement, nodes: list[jsonld.Node]) -> None:
    """Half of a page is no text; each copy of the tree would carry it along.

    Scripts of forums stay, since trafilatura tells by them that comments are the text there.
    """
    if not any("DiscussionForumPosting" in jsonld.types_of(node) for node in nodes):
        etree.strip_elements(tree, "script", with_tail=False)
    etree.strip_elements(tree, "style", "svg", "template", with_tail=False)


def _has_endless_attributes(text: str) -> bool:
    """A quick look; the long values of other attributes are no harm, unless they are very many."""
    for number, found in enumerate(_LONG_VALUE.finditer(text)):
        if number > MOST_LONG_VALUES:
            return True
        name = text[max(0, found.start() - 40) : found.start()].rstrip().lower()
        if not name or name.endswith(_WORDY):
            return True
    return False


def _drop_endless_attributes(tree: HtmlElement) -> None:
    for element in _endless(tree):
        for name in _WORDY:
            if len(element.get(name) or "") > _LONG_CLASS:
                del element.attrib[name]


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for number, element in enumerate(tree.iter("meta")):
        if number >= MAX_META:
            break
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = element.get("content") or ""
        if name and content:
            values.setdefault(name.lower()[:100], []).append(one_line(content[:2_000]))
    return values


def _canonical(tree: HtmlElement, url: str) -> str:
    page = _canonical_or_none(url) or url
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            stated = _canonical_or_none(_joined(url, (link.get("href") or "").strip()))
            if stated and _may_stand_for(stated, page):
                return stated
    return page


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href) if href else ""
    except ValueError:
        return ""


def _canonical_or_none(url: str) -> str | None:
    try:
        return ids.canonical_url(url)
    except ValueError:
        return None


def _may_stand_for(stated: str, page: str) -> bool:
    """A page may rename itself on its own host; it may not claim another's name or the root's."""
    theirs, ours = urlsplit(stated), urlsplit(page)
    same_host = _bare_host(theirs.hostname) == _bare_host(ours.hostname)
    return same_host and (theirs.path not in ("", "/") or bool(theirs.query))


def _bare_host(host: str | None) -> str:
    """Mobile and AMP pages name their desktop twin: ``m.``, ``www.`` and ``amp.`` are one host."""
    name = host or ""
    for prefix in ("www.", "m.", "amp.", "mobile."):
        name = name.removeprefix(prefix)
    return name
