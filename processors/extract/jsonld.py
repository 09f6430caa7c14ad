"""JSON-LD of a page, read as the hostile text that it is.

Caps: 20 scripts of 2,000,000 characters (live pages repeat their text there), 2,000 objects, 32
levels. Broken JSON is mended in the ways in which publishers break it (comment and CDATA wrappers,
trailing commas and semicolons, raw line ends in strings); when that fails, the few plain fields
that reading needs are picked out.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml.html import HtmlElement

from processors.extract.decode import one_line

Node = dict[str, Any]

MAX_SCRIPTS = 20
MAX_SCRIPT = 2_000_000
MAX_NODES = 2_000
MAX_DEPTH = 32
MAX_STRING = 1_000_000

_WRAPPER = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/|;)\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_PLAIN_FIELD = re.compile(
    r'"(headline|datePublished|dateModified|articleSection|inLanguage)"\s*:\s*"((?:[^"\\\n]|\\.){1,1000})"'
)
_TAG = re.compile(r"<[^<>]{0,500}>")
_BLOCK_TAG = re.compile(r"</?(?:p|br|div|h[1-6]|li|ul|ol|blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(
    r"(?:article|blogposting|posting|report|review|opinion\w*)$", re.IGNORECASE
)
_PAGE_TYPE = re.compile(r"^(?:webpage|itempage|videoobject|podcastepisode)$", re.IGNORECASE)
_INSIDE = ("@graph", "mainEntity", "mainEntityOfPage")


def read_nodes(tree: HtmlElement) -> list[Node]:
    """All top-level objects of the page's JSON-LD, those of ``@graph`` and lists included."""
    nodes: list[Node] = []
    for number, script in enumerate(tree.iter("script")):
        if number >= 500 or len(nodes) >= MAX_NODES:
            break
        if "ld+json" in (script.get("type") or "").lower():
            text = script.text or ""
            if 0 < len(text) <= MAX_SCRIPT:
                nodes.extend(_flatten(_load(text)))
    return nodes[:MAX_NODES]


def _load(text: str) -> Any:
    for candidate in _repairs(text):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    fields = dict(reversed(_PLAIN_FIELD.findall(text)))
    return {"@type": "Article", **fields} if "headline" in fields else None


def _repairs(text: str) -> Iterator[str]:
    yield text
    bare = _WRAPPER.sub("", _WRAPPER.sub("", text.strip()))
    yield bare
    yield _TRAILING_COMMA.sub(r"\1", bare)
    if "&quot;" in bare:
        yield html.unescape(bare)


def _flatten(value: Any) -> Iterator[Node]:
    stack: list[tuple[Any, int]] = [(value, 0)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            continue
        if isinstance(item, list):
            stack.extend((part, depth + 1) for part in reversed(item[:MAX_NODES]))
        elif isinstance(item, dict):
            yield item
            stack.extend((item[name], depth + 1) for name in _INSIDE if name in item)


def types_of(node: Node) -> tuple[str, ...]:
    """The names in ``@type`` without their vocabulary's address."""
    raw = node.get("@type")
    names = raw if isinstance(raw, list) else [raw]
    return tuple(n.rpartition("/")[2].rpartition(":")[2] for n in names if isinstance(n, str))


def article_node(nodes: Iterable[Node], urls: frozenset[str]) -> Node:
    """The object that describes this page's article; empty when there is none.

    Articles come before pages and videos; among equals the one whose address is the page's own,
    then the one that states more of headline, date and author, then the first.
    """

    def rank(node: Node) -> tuple[int, int, int]:
        names = types_of(node)
        kind = 2 if any(_ARTICLE_TYPE.search(n) for n in names) else 0
        kind = kind or int(any(_PAGE_TYPE.match(n) for n in names))
        here = any(_address(node.get(key)) in urls for key in ("url", "@id", "mainEntityOfPage"))
        stated = sum(key in node for key in ("headline", "datePublished", "author"))
        return kind, int(here), stated

    best = max(nodes, key=rank, default={})
    return best if best and rank(best)[0] > 0 else {}


def is_article(node: Node) -> bool:
    return any(_ARTICLE_TYPE.search(name) for name in types_of(node))


def _address(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.partition("#")[0].rstrip("/") if isinstance(value, str) else ""


def text_of(value: Any) -> str:
    """A JSON-LD value as one line of plain text: entities resolved, tags dropped."""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return ""
    return one_line(_TAG.sub(" ", unescape_twice(value[:5_000])))


def plain_text(value: Any) -> str:
    """A long JSON-LD text with its line ends; markup, if any, becomes line ends and blanks."""
    if not isinstance(value, str):
        return ""
    text = unescape_twice(value[:MAX_STRING])
    return _TAG.sub(" ", _BLOCK_TAG.sub("\n", text))


def unescape_twice(text: str) -> str:
    """Publishers escape JSON-LD once for HTML and once more for luck."""
    return html.unescape(html.unescape(text)) if "&" in text else text


def names_of(value: Any, nodes: Iterable[Node]) -> list[str]:
    """The names of a person or organisation, or of a list of them; ``@id`` alone is looked up."""
    by_id = {n["@id"]: n for n in nodes if isinstance(n.get("@id"), str)}
    values = value[:50] if isinstance(value, list) else [value]
    return [name for item in values for part in _named(item, by_id) if (name := text_of(part))]


def organisations_of(value: Any, nodes: Iterable[Node]) -> list[str]:
    """Of these names those that are stated to be no person's."""
    values = value[:50] if isinstance(value, list) else [value]
    bodies = [
        item
        for item in values
        if isinstance(item, dict) and any(t.endswith("Organization") for t in types_of(item))
    ]
    return names_of(bodies, nodes)


def _named(item: Any, by_id: dict[str, Node]) -> list[Any]:
    if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
        item = by_id.get(item["@id"], {})
    if isinstance(item, dict):
        item = item.get("name")
    return item[:50] if isinstance(item, list) else [item]
