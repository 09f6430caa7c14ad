"""Html to article: one function from a page's bytes to its text, metadata and outcome."""

from datetime import datetime
from functools import cache
from typing import Literal

import msgspec

from processors.extract import body as bodies
from processors.extract import jsonld, metadata, phrases
from processors.extract.authors import read_authors
from processors.extract.boilerplate import Block
from processors.extract.dates import Suspect, read_dates
from processors.extract.decode import decode_page, one_line, without_controls
from processors.extract.gate import MAX_SIZE, refusal
from processors.extract.language import detect_language
from processors.extract.page import ParsedPage, parse_page
from processors.extract.quality import Kind, Outcome, Signals, judge
from processors.extract.siterules import SiteRules, load_rules
from processors.extract.times import Stated
from processors.records import FeedHints

VERSION = "beatwire-extract-v2"


class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """What a page says of itself and the text that it carries."""

    outcome: Outcome
    kind: Kind = ""
    """Which kind of reason, for machines; '' for an article."""
    reason: str = ""
    """Why it is no article that is read, in words; '' for an article."""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Aware. It keeps the stated zone; where none was stated it is in UTC, and
    ``published_stated`` is not ``instant``."""
    published_stated: Stated | Literal[""] = ""
    date_suspect: Suspect = ""
    """What is doubtful about ``published``; see ``processors.extract.dates``."""
    updated: datetime | None = None
    body: str = ""
    """Blocks separated by one empty line; the exact text that all offsets refer to."""
    language: str = ""
    """Two letters; '' when neither the text nor the page tells."""
    site_name: str = ""
    canonical_url: str = ""
    section: str = ""
    summary: str = ""


def extract_article(
    body: bytes | str,
    url: str,
    *,
    content_type: str = "",
    hints: FeedHints | None = None,
    fetched_at: datetime | None = None,
    rules: SiteRules | None = None,
) -> Extracted:
    """Read a page; never raises on what a server may send.

    ``fetched_at`` (aware) lets dates in the future be told; without it they are believed. ``rules``
    are those of single sites; without them our own.
    """
    if len(body) > MAX_SIZE:
        return _refused(f"page of {len(body):,} bytes is larger than {MAX_SIZE:,}")
    if kind := _other_kind(body):
        return _refused(f"the answer is {kind}, not a web page")
    text = without_controls(body if isinstance(body, str) else decode_page(body, content_type))
    if reason := refusal(text):
        return _refused(reason)
    page = parse_page(text, url, (rules or _own_rules()).of(url, fetched_at))
    if page is None:
        return _refused("there is no element in the page")
    return _read(page, hints, fetched_at)


@cache
def _own_rules() -> SiteRules:
    return load_rules()


def _refused(reason: str) -> Extracted:
    return Extracted(outcome="not-article", kind="file", reason=reason)


_SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a gzip archive",
    b'{"': "JSON",
}


def _other_kind(body: bytes | str) -> str:
    """What the bytes are by their first few, whatever the server called them; '' for HTML."""
    start = body[:512] if isinstance(body, bytes) else body[:512].encode("utf-8", "replace")
    start = start.lstrip()
    for signature, name in _SIGNATURES.items():
        if start.startswith(signature):
            return name
    if b"<rss" in start or b"<feed" in start or b"<urlset" in start or b"<sitemapindex" in start:
        return "a feed or sitemap"
    return ""


def _read(page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None) -> Extracted:
    title = metadata.read_title(page, hints)
    blocks = bodies.read_blocks(page, title)
    text = bodies.joined(blocks)
    language = detect_language(text, metadata.declared_language(page, hints))
    verdict = judge(_signals(page, title, text, blocks, language))
    dates = read_dates(page, hints, fetched_at)
    return Extracted(
        outcome=verdict.outcome,
        kind=verdict.kind,
        reason=verdict.reason,
        title=title,
        authors=read_authors(page, hints),
        published=dates.published.at if dates.published else None,
        published_stated=dates.published.stated if dates.published else "",
        date_suspect=dates.suspect,
        updated=dates.updated.at if dates.updated else None,
        body=text,
        language=language,
        site_name=metadata.read_site_name(page, hints),
        canonical_url=page.canonical_url,
        section=metadata.read_section(page),
        summary=metadata.read_summary(page, hints),
    )


def _signals(
    page: ParsedPage, title: str, text: str, blocks: list[Block], language: str
) -> Signals:
    says_article = _says_article(page)
    rows = sum(len(block.text) for block in blocks if bodies.is_row_of_cells(block))
    short = len(text) < _SHORT_TEXT
    return Signals(
        url=page.url,
        title=title,
        body=text,
        visible=one_line(page.tree.text_content()[:20_000]) if short else "",
        language=language,
        says_article=says_article,
        linked_share=0.0 if says_article else bodies.linked_share(text, page),
        rows_share=rows / max(1, len(text)),
        says_list=any(kind in _LISTS for node in page.nodes for kind in jsonld.types_of(node)),
        says_paid=str(page.article.get("isAccessibleForFree", "")).lower() == "false",
        is_shell=short and phrases.SHELL.search(page.text) is not None,
    )


_LISTS = frozenset(("CollectionPage", "ItemList", "SearchResultsPage", "ProfilePage"))
_SHORT_TEXT = 1_200
"""Characters: about as many as the longest text that is looked at for what stands around it."""


def _says_article(page: ParsedPage) -> bool:
    return (
        jsonld.is_article(page.article)
        or page.first("og:type").lower() == "article"
        or bool(page.first("article:published_time"))
    )


def warm_up() -> None:
    """Load what the first page would otherwise wait for: the extractor, dates, languages."""
    from htmldate import find_date
    from trafilatura import bare_extraction

    bare_extraction("<html><body><p>warm</p><p>up</p></body></html>")
    find_date("<html><body><p>on a day in March</p><p>3 March 2025</p></body></html>")
    detect_language("ein kurzer Text in einer anderen Sprache, damit das Modell geladen wird", "")
