"""Who wrote a page: the first statement that names somebody.

The order of trust: JSON-LD, ``meta``, marked by-lines, trafilatura's search, the feed. A statement
that only repeats the publisher's name waits for a better one of the first three. Organisations
are authors too; social handles, addresses, roles and dates never are.
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
    r"\s*(?:;|\||\n|•|·|\s/\s|,?\s+and\s+|\s+&\s+|,?\s+und\s+|\s+with\s+)\s*", re.IGNORECASE
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
    return stated + ([hints.site_name] if hints else [])


def _hinted(hints: FeedHints | None) -> tuple[str, ...]:
    return tuple(_tidied(hints.authors)) if hints else ()


def _statements(page: ParsedPage) -> Iterator[Iterable[str]]:
    yield jsonld.names_of(page.article.get("author"), page.nodes)
    yield jsonld.names_of(page.article.get("creator"), page.nodes)
    yield from (page.meta.get(name, ()) for name in META)
    yield _marked(page.tree)


def _marked(tree: HtmlElement) -> list[str]:
    """Texts of ``rel=author``, ``itemprop=author`` and by-lines; the most exact kind only."""
    kinds: dict[int, list[str]] = {0: [], 1: [], 2: []}
    for element in tree.iter(
        "a", "span", "div", "p", "address", "strong", "cite", "li", "h3", "h4"
    ):
        kind = _kind(element)
        if kind is not None and len(kinds[kind]) < 10:
            text = one_line((" | " if kind == 2 else " ").join(element.itertext())[:400])
            if 0 < len(text) <= 200:
                kinds[kind].append(text)
    return next((texts for texts in kinds.values() if texts), [])


def _kind(element: HtmlElement) -> int | None:
    if "author" in (element.get("rel") or "").split():
        return 0
    css = element.get("class") or ""
    if _NAME_PART.search(css) or (element.get("itemprop") or "").startswith("author"):
        return 1
    return 2 if _BYLINE.search(css) else None


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
