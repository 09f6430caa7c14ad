"""The text of a page: trafilatura's choice of the part that is the article, as our blocks.

The publisher's own ``articleBody`` (JSON-LD), where it is long enough to be the whole text, is a
second witness: what stands before or after all that it holds is not the article, and where
the layout hid most of the text it is taken instead.
"""

import re
from collections.abc import Iterator
from copy import copy
from itertools import accumulate

from lxml.etree import XPath, _Element
from lxml.html import HtmlElement

from processors.extract import jsonld
from processors.extract.boilerplate import Block, Kind, prose, prune, without_boilerplate
from processors.extract.decode import clean_text, one_line
from processors.extract.metadata import headlines, squeezed
from processors.extract.page import ParsedPage

MAX_BODY = 1_000_000
_KINDS: dict[str, Kind] = {"head": "heading", "item": "item", "row": "row", "quote": "quote"}
_INLINE = frozenset(
    ("hi", "ref", "del", "span", "a", "b", "i", "em", "strong", "code", "sub", "sup", "u", "cell")
)
_LETTER = re.compile(r"[^\W_]")
"""A letter or a digit."""
_LINK_TEXT = 1_000
"""Characters of a link's text beyond which no block is compared with it."""
_WITNESS_LENGTH = 600
_MANY_ELEMENTS = 4_000
"""Without furniture; above it all text is taken, as choosing takes 0.2 ms an element. Of 142 news
pages the largest has 2,112, the middle one 239."""
_size = XPath("count(.//*)")
_LITTLE = 400
_SHARE = 0.5
_SENTENCE = 60


def read_blocks(page: ParsedPage, title: str) -> list[Block]:
    """The article's blocks in their order, without boilerplate; empty when there is no text."""
    blocks = _within(_ruled(page) or _extracted(page))
    witness = jsonld.plain_text(page.article.get("articleBody"))
    if len(witness) >= _WITNESS_LENGTH:
        blocks = _with_witness(blocks, witness)
    return without_boilerplate(blocks, titles=(title, *headlines(page)), links=_link_texts(page))


def _within(blocks: list[Block]) -> list[Block]:
    """As many as a body may have."""
    starts = accumulate((len(block.text) + 2 for block in blocks), initial=0)
    return [block for block, start in zip(blocks, starts, strict=False) if start < MAX_BODY]


def joined(blocks: list[Block]) -> str:
    """The body that all offsets refer to: NFC, blocks separated by one empty line."""
    return clean_text("\n\n".join(block.text for block in blocks))[:MAX_BODY]


def _ruled(page: ParsedPage) -> list[Block]:
    """What stands in the elements that a rule of the site names, without furniture."""
    found = page.rule.find("body", page.tree) if page.rule else []
    if not found:
        return []
    body = HtmlElement()
    body.tag = "body"
    for element in found:
        part = copy(element)
        part.tag, part.tail = "div", None
        body.append(part)
    return list(_blocks(prune(body)))


def _extracted(page: ParsedPage) -> list[Block]:
    from trafilatura import bare_extraction

    tree = prune(copy(page.tree))
    if _size(tree) > _MANY_ELEMENTS:
        return list(_blocks(tree))

    def blocks(*, fast: bool) -> list[Block]:
        document = bare_extraction(
            tree, url=page.url, include_comments=False, with_metadata=False, fast=fast
        )
        if document is None or isinstance(document, dict):
            return []
        return list(_blocks(document.body))

    found = blocks(fast=True)
    return blocks(fast=False) if _is_doubtful(found, tree) else found


def _is_doubtful(blocks: list[Block], tree: HtmlElement) -> bool:
    """Whether other algorithms should be heard: little was found, or the lesser part of the prose.

    Prose is what stands in paragraphs of a sentence or more, teasers and comments among it.
    """
    size = sum(len(block.text) for block in blocks)
    return size < _LITTLE or size < _SHARE * prose(tree, _SENTENCE)


def _blocks(tree: _Element) -> Iterator[Block]:
    """Blocks of trafilatura's tree; text between blocks is a paragraph of its own."""
    pending: list[str] = []
    stack: list[tuple[_Element, Kind, Kind, bool]] = [(tree, "paragraph", "paragraph", True)]
    while stack:
        element, kind, outer, opening = stack.pop()
        inline = element.tag in _INLINE
        if not inline and (block := _taken(pending, outer if opening else kind)):
            yield block
        if not opening:
            pending.append(element.tail or "")
            continue
        if element.tag == "cell" and element.getprevious() is not None:
            pending.append(" | ")
        inner = _KINDS.get(str(element.tag), kind)
        pending.append(element.text or "")
        stack.append((element, inner, outer, False))
        stack.extend((child, inner, inner, True) for child in reversed(element))
    if block := _taken(pending, "paragraph"):
        yield block


def _taken(pending: list[str], kind: Kind) -> Block | None:
    text = one_line("".join(pending))
    pending.clear()
    return Block(kind, text) if _LETTER.search(text) else None


def _link_texts(page: ParsedPage) -> frozenset[str]:
    texts = (a.text_content() for a in page.tree.iter("a"))
    return frozenset(squeezed(text) for text in texts if len(text) <= _LINK_TEXT)


def is_row_of_cells(block: Block) -> bool:
    """Figures and names side by side; old pages have their paragraphs in tables, too."""
    return block.kind == "row" and " | " in block.text and len(block.text.split()) < 30


def linked_share(text: str, page: ParsedPage) -> float:
    """About which part of the text's characters are words of links; its first 20,000 decide."""
    whole = squeezed(text[:20_000])
    links = [key for key in list(_link_texts(page))[:1_000] if len(key) >= 15]
    return sum(len(key) * whole.count(key) for key in links) / max(1, len(whole))


def _with_witness(blocks: list[Block], witness: str) -> list[Block]:
    whole = squeezed(witness)
    keys = [squeezed(block.text) for block in blocks]
    known = [bool(key) and key in whole for key in keys]
    shared = sum(len(key) for key, found in zip(keys, known, strict=True) if found)
    if shared < 0.5 * len(whole) and len(whole) > sum(map(len, keys)):
        lines = [one_line(line) for line in witness.splitlines()]
        return [Block("paragraph", line) for line in lines if line]
    if shared < 0.7 * sum(map(len, keys)) or shared < 0.7 * len(whole):
        return blocks
    first = known.index(True)
    last = len(known) - known[::-1].index(True)
    while first > 0 and blocks[first - 1].kind == "heading":
        first -= 1
    return blocks[first:last]
