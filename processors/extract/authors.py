"""Who wrote a page: the first statement that names somebody.

The order of trust: a rule of the site, JSON-LD, ``meta``, marked by-lines, a link to an author's
page, trafilatura's search, the feed. A statement that names the publisher or organisations alone
waits for a better one of the first five: they are authors where nobody else is. Social handles,
addresses, roles and dates never are, nor are readers who comment.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from processors.extract import jsonld
from processors.extract.decode import one_line
from processors.extract.metadata import squeezed
from processors.extract.page import ParsedPage
from processors.records import FeedHints

MAX_AUTHORS = 20
META = (
    "author", "article:author", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "citation_author", "article.author", "article:author_name",
    "cxenseparse:author",
)  # fmt: skip

_LEAD = re.compile(
    r"^(?:(?:posted|written|published|reported|story|words|text|article|analysis|opinion|review)\s+)?"
    r"by\b:?\s*|^(?:authors?|from|von|por|par|door|af|av)\s*:\s*|^(?:von|por|par)\s+",
    re.IGNORECASE,
)
_NOISE = re.compile(r"\S+@\S+|(?<!\w)@\w+|https?://\S+|www\.\S+|\([^()]{0,80}\)|\[[^\[\]]{0,80}\]")
_SPLIT = re.compile(
    r"\s*(?:;|\||\n|•|·|/|,?\s+and\s+|\s+&\s+|,?\s+und\s+|\s+with\s+)\s*", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:reporters?|editors?|correspondents?|writers?|journalists?|columnists?|contributors?"
    r"|producers?|analysts?|fellow|professor|lecturer|director|chief|bureau|head of|founder|ceo"
    r"|photographers?|senior|freelance|redakteur(?:in)?|author)\b",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    (
        "admin", "administrator", "editor", "editors", "author", "authors", "staff", "guest",
        "noauthor", "unknown", "anonymous", "none", "null", "user", "webmaster", "contributor",
        "wordpress", "root", "news", "byline", "default", "redaktion", "redaccion",
        "nachrichten", "undefined", "condenast", "agencies", "by", "and",
    )
)  # fmt: skip
_DATE = re.compile(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.? \d|\d{1,2}[:/. ]|updated|published",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|author)s?(?:[\s_-]*(?:names?|links?|text))?(?:$|\s)", re.IGNORECASE
)
_AUTHOR_PAGE = re.compile(
    r"^[^?#]{0,200}/(?:authors?|autor(?:en|es|i)?|auteurs?|byline|people|staff|writers?|profiles?"
    r"|journalists?|reporters?|contributors?|redaktion)/[^/?#]{3,100}(?:/[^/?#]{2,100})?/?(?:[?#]|$)",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?|respond|disqus)(?:$|[\s_-])", re.IGNORECASE)
_MOST = (10, 10, 10, 1)
"""By-lines of each kind; of links to authors' pages the first, as teasers have such links, too."""
_NAME_PART = re.compile(r"(?:^|[\s_-])(?:byline|author)s?[\s_-]*names?(?:$|\s)", re.IGNORECASE)


def read_authors(page: ParsedPage, hints: FeedHints | None) -> tuple[str, ...]:
    """The names by the order above, each once, as written; empty when nobody is named."""
    site = {squeezed(name) for name in _publishers(page, hints)}
    fallback: tuple[str, ...] = ()
    for statements in _statements(page):
        names = tuple(_tidied(statements))[:MAX_AUTHORS]
        people = tuple(name for name in names if squeezed(name) not in site)
        if people:
            return people
        fallback = fallback or names
    return fallback or tuple(_tidied(_searched(page.tree))) or _hinted(hints)


def _publishers(page: ParsedPage, hints: FeedHints | None) -> list[str]:
    stated = [
        *jsonld.names_of(page.article.get("publisher"), page.nodes),
        page.first("og:site_name"),
    ]
    stated += jsonld.organisations_of(page.article.get("author"), page.nodes)
    return stated + ([hints.site_name] if hints else [])


def _hinted(hints: FeedHints | None) -> tuple[str, ...]:
    return tuple(_tidied(hints.authors)) if hints else ()


def _statements(page: ParsedPage) -> Iterator[Iterable[str]]:
    if page.rule:
        found = page.rule.find("authors", page.tree)[:MAX_AUTHORS]
        yield [one_line(element.text_content()[:400]) for element in found]
    yield jsonld.names_of(page.article.get("author"), page.nodes)
    yield jsonld.names_of(page.article.get("creator"), page.nodes)
    yield from (page.meta.get(name, ()) for name in META)
    yield from _marked(page.tree)


def _marked(tree: HtmlElement) -> Iterable[list[str]]:
    """Texts of by-lines and of the first link to an author's page, the most exact kind first."""
    kinds: dict[int, list[str]] = {kind: [] for kind in range(4)}
    for element in tree.iter(
        "a", "span", "div", "p", "address", "strong", "cite", "li", "h3", "h4"
    ):
        kind = _kind(element)
        if kind is not None and len(kinds[kind]) < _MOST[kind] and not _of_a_comment(element):
            text = one_line((" | " if kind == 2 else " ").join(element.itertext())[:400])
            if 0 < len(text) <= 200:
                kinds[kind].append(text)
    return kinds.values()


def _kind(element: HtmlElement) -> int | None:
    if "author" in (element.get("rel") or "").split():
        return 0
    css = (element.get("class") or "")[:200]
    if _NAME_PART.search(css) or (element.get("itemprop") or "").startswith("author"):
        return 1
    if _BYLINE.search(css):
        return 2
    named = element.tag == "a" and _AUTHOR_PAGE.search(element.get("href") or "")
    return 3 if named and _looks_like_a_name(one_line(element.text_content()[:100])) else None


def _looks_like_a_name(text: str) -> bool:
    """Of links, which also say ``Guide to authors``: two to five words, the longer capitalised."""
    words = text.split()
    return 2 <= len(words) <= 5 and not any(len(w) > 3 and w[0].islower() for w in words)


def _of_a_comment(element: HtmlElement) -> bool:
    """Readers who comment have by-lines, too."""
    return any(
        _COMMENTS.search(f"{outer.get('class') or ''} {outer.get('id') or ''}")
        for outer in element.iterancestors()
    )


def _searched(tree: HtmlElement) -> list[str]:
    from trafilatura.metadata import extract_author

    try:
        found = extract_author(tree)
    except Exception:
        return []
    return [found] if found else []


def _tidied(statements: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for statement in statements:
        for name in _names(statement):
            key = squeezed(name)
            if key not in seen and key not in _NOBODY:
                seen.add(key)
                yield name


def _names(statement: str) -> Iterator[str]:
    text = jsonld.unescape_twice(statement[:1_000]).replace("\n", " | ")
    text = _LEAD.sub("", one_line(_NOISE.sub(" ", text)))
    for part in _SPLIT.split(text):
        for piece in _at_commas(part):
            name = _LEAD.sub("", piece.strip(" .,:;–—-|\"'")).strip()
            if _is_name(name):
                yield name


def _at_commas(part: str) -> list[str]:
    """``Ann Poe, Bo Lee`` are two, ``Ann Poe, Editor`` is one, ``Poe, Ann`` is turned round."""
    pieces = [p.strip() for p in part.split(",") if p.strip()]
    if len(pieces) == 2 and all(" " not in p for p in pieces):
        return [f"{pieces[1]} {pieces[0]}"]
    return [p for p in pieces if not _ROLE.search(p)] or pieces[:1]


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= 80 or not any(c.isalpha() for c in name):
        return False
    return len(name.split()) <= 7 and sum(c.isdigit() for c in name) <= 2 and not _DATE.match(name)
