"""What a page says besides its article: by the markup before extraction, by the words after it.

Rules name kinds of furniture as publishers in general write them; none names a site. A rule on
words looks at a whole block, and long blocks are left alone: an article may quote
"subscribe to our newsletter", and a paragraph that argues about it has more than 45 words.
"""

import re
from collections.abc import Iterable
from typing import Literal

import msgspec
from lxml import etree
from lxml.html import HtmlElement

from processors.extract import phrases
from processors.extract.metadata import squeezed

Kind = Literal["paragraph", "heading", "item", "row", "quote"]
MAX_WORDS = 45
MAX_LENGTH = 1_000


class Block(msgspec.Struct, frozen=True):
    """A paragraph, heading, list item, table row or quotation: one line of text."""

    kind: Kind
    text: str


_PRUNED_TAGS = frozenset(("form", "nav", "figcaption", "aside"))
_TEXTLESS_TAGS = (
    "head", "img", "picture", "source", "link", "meta", "iframe", "embed", "object", "param",
    "audio", "video", "track", "canvas", "map", "area", "input", "textarea", "datalist", "output",
    "progress", "button", "select", "footer", "dialog", "frameset", "menuitem", "use",
)  # fmt: skip
"""They hold no text of an article, and most elements of a page are such."""
_CANDIDATES = ("div", "section", "ul", "ol", "p", "span", "h2", "h3", "h4", "table", "details")

_CREDIT = re.compile(
    r"^\(?.{0,160}(?:/\s?(?:AP|AFP|Reuters|Getty Images|EPA|Bloomberg)"
    r"|via (?:Getty|AP|Reuters)\b.{0,20}|\((?:image|photo|picture) credit:.{0,80})\)?\.?$",
    re.IGNORECASE,
)


def prune(tree: HtmlElement) -> HtmlElement:
    """Take furniture out of the tree that is given, and return it.

    An element that holds two fifths of the page's prose is no furniture, whatever its class says.
    """
    etree.strip_elements(tree, *_TEXTLESS_TAGS, with_tail=False)
    total = prose(tree)
    known: dict[str, bool] = {}
    for element in list(tree.iter(*_PRUNED_TAGS, *_CANDIDATES)):
        named = element.tag in _PRUNED_TAGS
        if (named or _is_furniture(element, known)) and prose(element) * 5 <= total * 2:
            _drop(element)
    return tree


def prose(element: HtmlElement, least: int = 0) -> int:
    """Characters in paragraphs, those shorter than ``least`` left out."""
    sizes = (sum(map(len, p.itertext())) for p in element.iter("p"))
    return sum(size for size in sizes if size >= least)


def _is_furniture(element: HtmlElement, known: dict[str, bool]) -> bool:
    """``known`` has the answers for this page's names: most come again and again."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    found = known.get(names)
    if found is None:
        found = known[names] = len(names) > 3 and phrases.MARKUP.search(names) is not None
    return found


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def without_boilerplate(
    blocks: list[Block], *, titles: Iterable[str] = (), links: Iterable[str] = ()
) -> list[Block]:
    """The blocks that are the article.

    The title at the start, by-lines and dates before the first paragraph, furniture anywhere, and
    all that follows a heading such as ``More from`` or ``Related`` in the last part are dropped.
    """
    known = frozenset(links)
    headlines = frozenset(filter(None, map(squeezed, titles)))
    kept: list[Block] = []
    for number, block in enumerate(_without_tail(blocks)):
        at_start = number < 6 and not any(b.kind == "paragraph" and len(b.text) > 80 for b in kept)
        if is_furniture(block, known) or (at_start and _is_head_matter(block, headlines)):
            continue
        kept.append(block)
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return kept


def is_furniture(block: Block, links: frozenset[str] = frozenset()) -> bool:
    """Whether the block alone shows that it is no part of any article."""
    text = block.text
    words = len(text.split())
    if len(text) > MAX_LENGTH:
        return False
    if block.kind == "heading" and words > 1 and not phrases.TAIL.match(text):
        return phrases.ANYWHERE.search(text) is not None
    if words > MAX_WORDS:
        return False
    if phrases.OPENINGS.match(text.lstrip('-–—•*▶►>[("“ ')) and _reads_as_furniture(text, words):
        return True
    if phrases.ANYWHERE.search(text) or _CREDIT.match(text):
        return True
    return block.kind in ("paragraph", "item") and words < 30 and squeezed(text) in links


def _reads_as_furniture(text: str, words: int) -> bool:
    """An opening such as ``Watch`` or ``Share`` also starts sentences: those are longer and end."""
    return words <= 25 or not text.rstrip("”\"')").endswith((".", "?", "!"))


def _is_head_matter(block: Block, titles: frozenset[str]) -> bool:
    return squeezed(block.text) in titles or phrases.DATELINE.match(block.text) is not None


def _without_tail(blocks: list[Block]) -> list[Block]:
    """Cut at a heading-like block that opens a list of other things, past half of the text.

    Teasers are short; a long paragraph further down shows that the article goes on.
    """
    total = sum(len(block.text) for block in blocks)
    so_far = 0
    for number, block in enumerate(blocks):
        opens = so_far * 2 > total and len(block.text) <= 80 and phrases.TAIL.match(block.text)
        if opens and all(len(later.text) <= 300 for later in blocks[number:]):
            return blocks[:number]
        so_far += len(block.text)
    return blocks
