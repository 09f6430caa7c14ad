"""The links of a section page that may be articles, with what stands round each of them."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

import msgspec
from lxml.html import HtmlElement

from crawlers.listings.entries import absolute
from crawlers.listings.shapes import address_score, same_site
from crawlers.listings.wording import plain
from processors.ids import canonical_url

MAX_LINKS = 3_000
_CLIMB = 8
"""Levels from a link to the container of its entry."""
_CHROME_TAGS = frozenset({"nav", "footer", "aside", "form", "dialog", "select", "menu"})
_CHROME_ROLES = frozenset(
    {"navigation", "contentinfo", "banner", "complementary", "search", "dialog", "menu", "menubar"}
)
_CHROME = re.compile(
    r"(?:(?:site|page|main|global|top|left|right|primary|secondary|post|entry|article)[-_])?"
    r"(?:nav|navbar|navigation|menu|footer|sidebar|side-bar|breadcrumbs?|pagination|pager|paging"
    r"|nav-links|page-numbers|related|recommend\w*|trending|popular|most-?read|social|share|sharing"
    r"|cookies?|consent|newsletter|subscribe|login|masthead|topbar|skip-?links?|tags?|tag-?list"
    r"|tag-?cloud|byline|author|ads?|advert\w*|sponsor\w*|comments?|toolbar|language|widget)"
    r"(?:[-_](?:area|bar|box|block|container|content|inner|items?|left|links?|list|main|menu|module"
    r"|nav|primary|right|section|top|widget|wrap|wrapper|wrapped|\w*\d+))?"
)
"""Names of classes and ids of what stands on every page; the whole name, so that ``has-sidebar``
and ``elementor-widget-posts`` are none."""
_ITEM = re.compile(
    r"(?:^|[\s_-])(?:card|teaser|post|story|entry|article|item|headline|promo-item|listing|news|hentry"
    r"|stream|feed|river|result|latest)(?:$|[\s_-])",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"^(?:read (?:more|the full story|full article|article|on)|continue(?: reading)?|more|"
    r"learn more|full story|view(?: all| more| article)?|see (?:all|more)|load more|next|"
    r"previous|older|newer|"
    r"comments?|\d+ comments?|leave a (?:comment|reply)|share|reply|permalink|link|watch|listen|"
    r"weiterlesen|mehr(?: lesen)?|lire (?:la suite|plus)|en savoir plus|leer más|leggi tutto|"
    r"läs mer|lees meer|czytaj więcej|читать далее|続きを読む|더 ?보기|阅读更多|[\W\d_]*)"
    r"[\s.…»›→>]*$",
    re.IGNORECASE,
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


class Anchor(msgspec.Struct):
    """All links of one page to one address, seen as one."""

    url: str
    title: str = ""
    rank: int = 0
    """How good the title is: 3 a heading, 2 the text of a link, 1 of an image, 0 none."""
    score: int = 0
    elements: list[HtmlElement] = []

    def offer(self, title: str, rank: int) -> None:
        """Keep the better title: of higher rank, then the longer one."""
        if (rank, len(title)) > (self.rank, len(self.title)):
            self.title, self.rank = title, rank


def read_anchors(tree: HtmlElement, url: str) -> list[Anchor]:
    """Candidates in the order of the page: links to this site that stand in its content."""
    base = _base(tree, url)
    host = urlsplit(url).hostname or ""
    found: dict[str, Anchor] = {}
    seen: dict[str, str] = {}
    for link in _content_links(tree):
        href = (link.get("href") or "")[:2100]
        if href not in seen:
            seen[href] = _usable(base, href, host)
        if not (target := seen[href]):
            continue
        anchor = found.get(target)
        if anchor is None:
            anchor = found[target] = Anchor(
                url=target, score=address_score(target, url), elements=[]
            )
        if len(anchor.elements) < 10:
            anchor.elements.append(link)
            anchor.offer(*_title(link))
            anchor.score = max(anchor.score, 0) + _place(link) if anchor.score > -5 else -9
    return [anchor for anchor in found.values() if anchor.score > 0]


def _base(tree: HtmlElement, url: str) -> str:
    for element in tree.iter("base"):
        if href := element.get("href"):
            return absolute(url, href) or url
    return url


def _usable(base: str, href: str, host: str) -> str:
    """The address without its fragment, when it is of this site and could be fetched."""
    if not href or href.startswith("#"):
        return ""
    target = absolute(base, href).partition("#")[0]
    try:
        canonical_url(target)
        named = urlsplit(target).hostname or ""
    except ValueError:
        return ""
    return target if same_site(named, host) else ""


def _content_links(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Links outside of navigation and the like; parents come before children, so one pass does."""
    chrome: set[HtmlElement] = set()
    frame = _Frame(tree)
    count = 0
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        parent = element.getparent()
        if (parent is not None and parent in chrome) or frame.holds(element):
            chrome.add(element)
        elif element.tag == "a" and element.get("href"):
            count += 1
            if count > MAX_LINKS:
                return
            yield element


class _Frame:
    """What stands on every page of a site, told from the content of one of them."""

    def __init__(self, tree: HtmlElement) -> None:
        self._headings = _headings(tree)
        self._looks = 100
        """Elements of a telling name that are looked into: each costs all that is in it."""

    def holds(self, element: HtmlElement) -> bool:
        """Whether this element, by itself, is part of the frame."""
        tag = element.tag
        if tag in _CHROME_TAGS or (element.get("role") or "").lower() in _CHROME_ROLES:
            return True
        if tag == "header":
            around = islice(element.iterancestors(), 20)
            return not any(each.tag in {"article", "li", "section", "main"} for each in around)
        if tag in {"body", "html", "main", "article", "a"}:
            return False
        names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300].lower()
        if _ITEM.search(names) or not any(map(_CHROME.fullmatch, names.split())):
            return False
        self._looks -= 1
        return self._looks < 0 or not self._holds_the_content(element)

    def _holds_the_content(self, element: HtmlElement) -> bool:
        """What holds most of a page is no frame of it, whatever it is called."""
        main = next(element.iter("main"), None)
        return main is not None or 2 * _headings(element) > max(self._headings, 4)


def _headings(element: HtmlElement) -> int:
    return sum(1 for _ in element.iter("h2", "h3", "h4"))


def _title(link: HtmlElement) -> tuple[str, int]:
    """The text that names where the link leads, and its rank."""
    heading = next((each for each in link.iter() if each.tag in _HEADINGS), None)
    inside = heading is not None
    if not inside:
        around = list(link.iterancestors())[:3]
        inside = any(each.tag in _HEADINGS for each in around)
    text = plain(_text(heading if heading is not None else link), 300)
    if text and not _GENERIC.match(text):
        return text, 3 if inside else 2
    said = link.get("aria-label") or link.get("title") or ""
    said = said or next((image.get("alt") or "" for image in link.iter("img")), "")
    said = plain(said, 300)
    return ("", 0) if not said or _GENERIC.match(said) else (said, 1)


def _text(element: HtmlElement) -> str:
    return " ".join("".join(str(piece) for piece in element.itertext()).split()).replace(
        "<", "&lt;"
    )[:2000]


def _place(link: HtmlElement) -> int:
    """What stands round a link: a heading, an entry of a list, a time; and how long its text is."""
    title, rank = _title(link)
    score = 3 if rank == 3 else 0
    words = title.split()
    long = len(words) >= 4 or len(title) >= 25 or (len(title) >= 10 and not title.isascii())
    score += 2 if long and rank > 1 else -1 if rank == 2 and len(words) <= 2 else 0
    for level, around in enumerate(link.iterancestors()):
        if level == _CLIMB:
            break
        if around.tag == "article" or _ITEM.search(f"{around.get('class') or ''}"[:200]):
            return score + 1
    return score
