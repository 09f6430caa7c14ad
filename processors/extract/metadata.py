"""Title, site name, section, summary and declared language: the first trusted statement of each.

| trust | title | site name | summary |
|---|---|---|---|
| 1 | JSON-LD ``headline`` | JSON-LD ``publisher`` | JSON-LD ``description`` |
| 2 | ``og:title`` | ``og:site_name`` | ``og:description`` |
| 3 | ``<h1>`` | the feed's word | ``description`` |
| 4 | ``twitter:title`` | | the feed's word |
| 5 | ``<title>`` | | |
| 6 | the feed's word | | |

A rule of the site goes before all. A site's name is cut off every title. A headline that its
publisher cut short gives way to a later one that begins with the same words.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from processors.extract import jsonld
from processors.extract.decode import one_line
from processors.extract.page import ParsedPage
from processors.records import FeedHints

MAX_TITLE = 500
_SEPARATOR = re.compile(r"\s+[|–—·•»«:/-]+\s+|\s*[|»]\s*|:\s+")
_LABEL = re.compile(
    r"^(?:opinion|analysis|exclusive|video|watch|live|perspective|review)\s+\|\s+", re.IGNORECASE
)
_CUT_SHORT = re.compile(r"\s*(?:\.\.\.|…)$")
_SQUEEZE = re.compile(r"[\W_]+")


def read_title(page: ParsedPage, hints: FeedHints | None) -> str:
    """The headline by the table above; '' when the page has none."""
    names = _site_names(page, hints)
    candidates = [
        title
        for raw in _title_statements(page, hints)
        if (title := without_site_name(raw[:MAX_TITLE], names)) and squeezed(title) not in names
    ]
    if not candidates:
        return ""
    first = candidates[0]
    if _CUT_SHORT.search(first):
        start = squeezed(_CUT_SHORT.sub("", first))
        whole = [t for t in candidates if not _CUT_SHORT.search(t)]
        first = next((t for t in whole if squeezed(t).startswith(start)), first)
    return first


def _title_statements(page: ParsedPage, hints: FeedHints | None) -> Iterator[str]:
    if page.rule:
        yield from (one_line(e.text_content()) for e in page.rule.find("title", page.tree)[:1])
    if jsonld.is_article(page.article):
        yield jsonld.text_of(page.article.get("headline"))
    yield jsonld.unescape_twice(page.first("og:title"))
    yield main_heading(page.tree)
    yield jsonld.unescape_twice(page.first("twitter:title"))
    title = page.tree.find(".//title")
    yield one_line(title.text_content()) if title is not None else ""
    if hints:
        yield one_line(hints.title)


def headlines(page: ParsedPage) -> tuple[str, ...]:
    """All that the page gives as its headline, without its site's name."""
    names = _site_names(page, None)
    return tuple(without_site_name(t[:MAX_TITLE], names) for t in _title_statements(page, None))


def main_heading(tree: HtmlElement) -> str:
    """The text of the ``<h1>`` that heads the article: the longest of the first five."""
    texts = [
        one_line(h.text_content())[: MAX_TITLE + 1]
        for h, _ in zip(tree.iter("h1"), range(5), strict=False)
    ]
    return max((t for t in texts if 0 < len(t) <= MAX_TITLE), key=len, default="")


def _site_names(page: ParsedPage, hints: FeedHints | None) -> frozenset[str]:
    """All that the site may be called, squeezed to letters and digits."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    names = {host, host.rpartition(".")[0], host.partition(".")[0]}
    names.update(jsonld.names_of(page.article.get("publisher"), page.nodes))
    names.add(page.first("og:site_name"))
    names.add(page.first("application-name", "al:android:app_name", "twitter:app:name:iphone"))
    names.add(hints.site_name if hints else "")
    return frozenset(filter(None, map(squeezed, names)))


def squeezed(text: str) -> str:
    """Lower-case letters and digits only, to compare names and headlines by."""
    return _SQUEEZE.sub("", text.casefold())


def without_site_name(title: str, names: frozenset[str]) -> str:
    """The title without what names its site, at its end or its start.

    ``Headline | Section | Site`` is cut at the section, too: what stands between is navigation.
    """
    title = _LABEL.sub("", one_line(title))
    breaks = list(_SEPARATOR.finditer(title))
    for found in reversed(breaks):
        if _is_name(title[found.end() :], names):
            head = title[: found.start()].strip()
            earlier = [b for b in breaks if b.end() <= found.start() and "|" in b[0]]
            return title[: earlier[0].start()].strip() if "|" in found[0] and earlier else head
    if breaks and _is_name(title[: breaks[0].start()], names):
        return title[breaks[0].end() :].strip()
    return title


def _is_name(text: str, names: frozenset[str]) -> bool:
    """Whether it is a name of the site, or one with a section (``Example Politics``)."""
    bare = {name.removeprefix("the") for name in names}
    if squeezed(text).removeprefix("the") in bare:
        return True
    words = text.split()
    return 1 < len(words) <= 3 and any(squeezed(" ".join(words[:n])) in bare for n in (1, 2))


def read_site_name(page: ParsedPage, hints: FeedHints | None) -> str:
    """The publication's name by the table above."""
    publisher = jsonld.names_of(page.article.get("publisher"), page.nodes)
    stated = publisher[0] if publisher else page.first("og:site_name")
    return (stated or (one_line(hints.site_name) if hints else ""))[:200]


def read_section(page: ParsedPage) -> str:
    """The section of the publication; '' when the page states none."""
    stated = jsonld.text_of(page.article.get("articleSection"))
    return (stated or page.first("article:section", "section", "parsely-section"))[:200]


def read_summary(page: ParsedPage, hints: FeedHints | None) -> str:
    """The publisher's own summary by the table above."""
    stated = jsonld.text_of(page.article.get("description"))
    stated = stated or jsonld.unescape_twice(page.first("og:description", "description"))
    return (stated or (one_line(hints.summary) if hints else ""))[:1_000]


def declared_language(page: ParsedPage, hints: FeedHints | None) -> str:
    """The two letters that the page says of itself; '' when it says nothing usable."""
    stated = (
        page.tree.get("lang"),
        jsonld.text_of(page.article.get("inLanguage")),
        page.first("og:locale", "content-language", "language"),
        hints.language if hints else "",
    )
    found = (re.match(r"[A-Za-z]{2}(?![A-Za-z])", text or "") for text in stated)
    return next((match[0].lower() for match in found if match), "")
