"""Is a page empty without its scripts? Pure: told from the bytes that its server sent."""

import re

from lxml.html import HtmlElement

from processors.extract import phrases
from processors.extract.decode import decode_page
from processors.extract.gate import refusal
from processors.extract.page import parse_page
from processors.optouts import in_page
from processors.optouts import refusal as opted_out

_FULL = 40
"""Words of running text that make a page worth reading as it is; as many as an article needs."""
_EMPTY = 8
"""Words that are left of a page whose text comes by script: a title, "Loading"."""
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_ASIDE = frozenset(
    ("a", "aside", "button", "footer", "form", "header", "nav", "noscript", "select", "template",
     "title")
)  # fmt: skip
"""Elements whose words are no text of an article."""


def page_to_render(body: bytes, content_type: str, url: str, *, obey: bool) -> str:
    """The page's text where only a browser can say what it says; '' for all others.

    A wall against robots is taken as it is, and so is a page that is not to be read (``obey``: nor
    to be mined): no script is run to get round either.
    """
    text = decode_page(body, content_type)
    if not _SCRIPT.search(text) or refusal(text) or opted_out(in_page(body), obey=obey):
        return ""
    return text if _is_empty(text, url) else ""


def _is_empty(text: str, url: str) -> bool:
    page = parse_page(text, url)
    if page is None or len(str(page.article.get("articleBody", "")).split()) >= _FULL:
        return False
    words, shown = _words(page.tree)
    if words >= _FULL or phrases.ROBOT.search(shown):
        return False
    return bool(words < _EMPTY or phrases.SHELL.search(text) or phrases.SCRIPT.search(shown))


def _words(tree: HtmlElement) -> tuple[int, str]:
    """How many words of running text a page has, and the first of all that it says."""
    words, shown = 0, " ".join(str(tree.text_content())[:20_000].split())
    aside: set[HtmlElement] = set()
    for element in tree.iter():
        above = element.getparent()
        is_aside = above in aside or not isinstance(element.tag, str) or element.tag in _ASIDE
        if is_aside:
            aside.add(element)
        else:
            words += len((element.text or "").split())
        if above is not None and above not in aside:
            words += len((element.tail or "").split())
        if words >= _FULL:
            break
    return words, shown
