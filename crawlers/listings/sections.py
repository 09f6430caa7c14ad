"""Section pages: an HTML list of articles, as a front page or a topic's page is.

Told by structure, not by publisher: links to the same site, outside of navigation, in headings or
repeated containers, with the text and the address of an article. Pure: a page in, a listing out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawlers.listings.alternates import read_alternates
from crawlers.listings.anchors import Anchor, read_anchors
from crawlers.listings.entries import Entry, Listing, Unreadable
from crawlers.listings.shapes import is_article_address
from crawlers.listings.wording import plain
from processors.extract.decode import decode_page
from processors.extract.gate import refusal
from processors.extract.page import ParsedPage, parse_page
from processors.stamps import read_stamp

LEAST = 3
"""Entries that make a page a list that nobody called one."""
_ENOUGH = 5
"""Points of a link that is taken for an article by itself."""
_IN_GROUP = 3
"""Points of one that stands among three or more of its like."""
_LEVELS = 8
_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|timestamp|published|pubdate|posted|meta-date)(?:$|[\s_-])", re.I
)
_ARTICLES = re.compile(r"(?:Article|Posting|Report|Review)$")


def read_section(body: bytes, content_type: str, url: str, most: int) -> Listing | Unreadable:
    """The articles that a page lists, in its order, and the feeds that it offers."""
    text = decode_page(body, content_type)
    if reason := refusal(text):
        return Unreadable(reason)
    page = parse_page(text, url)
    if page is None:
        return Unreadable("not HTML")
    anchors = _articles(read_anchors(page.tree, url))
    owners = _owners(anchors)
    entries = tuple(_entry(anchor, owners) for anchor in anchors[:most])
    return Listing(
        kind="section",
        form="html",
        entries=entries,
        total=len(anchors),
        title=plain(page.first("og:site_name") or _page_title(page)),
        link=url,
        language=(page.tree.get("lang") or "")[:35],
        alternates=read_alternates(page.tree, url),
        article=_is_article(page, anchors),
    )


def is_list(listing: Listing) -> bool:
    """Whether a page that nobody called a section is one."""
    return not listing.article and listing.total >= LEAST


def _articles(anchors: list[Anchor]) -> list[Anchor]:
    """Links with points enough, or with fewer in a group of their like."""
    groups = Counter(_group(anchor) for anchor in anchors if anchor.score >= _IN_GROUP)
    return [
        anchor
        for anchor in anchors
        if anchor.title
        and (anchor.score >= _ENOUGH or (anchor.score >= _IN_GROUP and groups[_group(anchor)] > 2))
    ]


def _group(anchor: Anchor) -> tuple[str, ...]:
    """Where a link stands, in terms that its neighbours in a list share."""
    around = list(anchor.elements[0].iterancestors())[:4]
    return tuple(str(each.tag) + (each.get("class") or "")[:80] for each in around)


def _owners(anchors: list[Anchor]) -> dict[HtmlElement, str]:
    """Elements that hold links to one article alone, with its address; others with nothing."""
    owners: dict[HtmlElement, str] = {}
    for anchor in anchors:
        for link in anchor.elements:
            for level, around in enumerate(link.iterancestors()):
                if level == _LEVELS or owners.get(around) == "":
                    break
                owners[around] = anchor.url if owners.get(around, anchor.url) == anchor.url else ""
    return owners


def _entry(anchor: Anchor, owners: dict[HtmlElement, str]) -> Entry:
    container = anchor.elements[0]
    for level, around in enumerate(anchor.elements[0].iterancestors()):
        if level == _LEVELS or owners.get(around) != anchor.url or around.tag in {"body", "main"}:
            break
        container = around
    return Entry(link=anchor.url, title=anchor.title, published=_date(container))


def _date(container: HtmlElement) -> str:
    """The first time that the entry's container shows, marked as one or as a text of its own."""
    for element in container.iter():
        if not isinstance(element.tag, str):
            continue
        stated: list[str] = []
        if element.tag == "time":
            stated = [element.get("datetime") or "", "".join(map(str, element.itertext()))]
        elif _DATED.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:200]):
            stated = [element.get("content") or element.get("title") or ""]
            stated.append("".join(map(str, element.itertext()))[:200])
        for text in stated:
            line = " ".join(text.split())[:100]
            if line and read_stamp(line):
                return line
    return next(_loose_dates(container), "")


def _loose_dates(container: HtmlElement) -> Iterator[str]:
    for count, piece in enumerate(container.itertext()):
        if count == 60:
            return
        line = " ".join(str(piece)[:200].split()).strip(" -–—|·•,;:()[]")
        if 8 <= len(line) <= 60 and any(map(str.isdigit, line)) and read_stamp(line):
            yield line


def _page_title(page: ParsedPage) -> str:
    return page.first("og:title") or next(
        ("".join(map(str, each.itertext())) for each in page.tree.iter("title")), ""
    )


def _is_article(page: ParsedPage, anchors: list[Anchor]) -> bool:
    """Whether the page is itself an article, with a list beside it at most."""
    if not urlsplit(page.url).path.strip("/"):
        return False
    if is_article_address(page.url):
        return True
    kind = page.first("og:type").lower()
    stated = page.article.get("@type")
    types = [each for each in (stated if isinstance(stated, list) else [stated]) if each]
    if kind == "article" or any(_ARTICLES.search(str(each)) for each in types):
        return True
    linked = {link for anchor in anchors for link in anchor.elements}
    running = sum(_running_text(each, linked) for each in page.tree.iter("p"))
    return running > 2500 and running > 100 * len(anchors)


def _running_text(paragraph: HtmlElement, linked: set[HtmlElement]) -> int:
    """Characters of a paragraph that is text, not the teaser of a link."""
    if any(link in linked for link in paragraph.iter("a")):
        return 0
    size = len("".join(str(piece) for piece in paragraph.itertext()).strip())
    return size if size >= 120 else 0
