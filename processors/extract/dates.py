"""When a page was published: the first trusted statement that reads as a time.

| trust | published | updated |
|---|---|---|
| 0 | a rule of the site | - |
| 1 | JSON-LD ``datePublished`` | JSON-LD ``dateModified`` |
| 2 | ``meta`` ``article:published_time``, ... | ``meta`` ``article:modified_time``, ... |
| 3 | ``itemprop=datePublished``, ``<time datetime>`` | ``itemprop=dateModified`` |
| 4 | the feed's or sitemap's word | the feed's word |
| 5 | a date in the address, then ``htmldate``'s search of the text | - |

A time more than 24 hours after the fetch, or before 1990, is no statement: the next one is asked.
A day or a time without a zone is refined by a later statement of 1 to 4 that agrees with it to
within 14 hours and says more. A time in UTC takes the zone of the clock that the page shows.

What is doubtful is said: ``future`` (all that is stated lies ahead: the time of the fetch is
taken), ``ancient`` and ``missing`` (both without a publish time), ``ambiguous`` (``03/04/2025``: no
time, or the search's guess).
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

import msgspec
from lxml import etree
from lxml.html import HtmlElement

from processors.extract import jsonld
from processors.extract.decode import one_line
from processors.extract.page import ParsedPage
from processors.extract.printed import in_printed_zone
from processors.extract.siterules import Rule
from processors.extract.times import When, is_ambiguous, made, numeric_day, parse_when
from processors.records import FeedHints

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
SKEW = timedelta(hours=24)
MAX_SEARCHED = 1_500_000
"""Characters of a page whose text is searched for a date: the search takes a second a million."""
_AGREES = timedelta(hours=14)

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished",
    "article:published", "pubdate", "publishdate", "publish_date", "publish-date", "published_time",
    "publication_date", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created", "dc.date.created",
    "dc.date", "dcterms.date", "citation_publication_date", "date",
)  # fmt: skip
MODIFIED_META = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified",
    "lastmod", "last-modified", "article.updated", "dcterms.modified", "dc.date.modified",
)  # fmt: skip

_URL_DAY = re.compile(
    r"[/._-]((?:19|20)\d\d)[/._-]?(0[1-9]|1[0-2])[/._-]?(0[1-9]|[12]\d|3[01])(?=[/._-]|$)"
)


Suspect = Literal["", "future", "ancient", "ambiguous", "missing"]


class Dates(msgspec.Struct, frozen=True):
    """When a page was published and last changed, and what is doubtful about the former."""

    published: When | None
    updated: When | None
    suspect: Suspect = ""


def read_dates(page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None) -> Dates:
    """Both times; a change that came before the publication is none."""
    published, suspect = _published(page, hints, fetched_at)
    updated = read_updated(page, hints, fetched_at)
    if published and updated and _is_before(updated, published):
        updated = None
    return Dates(published, updated, suspect)


def read_published(
    page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None
) -> When | None:
    """The publish time by the table above; None when nothing says it."""
    return _published(page, hints, fetched_at)[0]


def _published(
    page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None
) -> tuple[When | None, Suspect]:
    if page.rule and (ruled := _by_rule(page, page.rule)) and plausible(ruled, fetched_at):
        return ruled, ""
    texts = list(filter(None, _published_statements(page, hints)))
    stated = [when for text in texts if (when := parse_when(text))]
    structured = [when for when in stated if plausible(when, fetched_at)]
    if structured:
        return in_printed_zone(_refined(structured), page), ""
    if found := _from_address(page.url, fetched_at):
        return found, ""
    if fetched_at and any(when.at > fetched_at for when in stated):
        return When(fetched_at, "instant"), "future"
    if found := _searched(page, fetched_at):
        return found, "ambiguous" if _is_guess(found.at, page.text) else ""
    unclear: Suspect = "ambiguous" if any(map(is_ambiguous, texts)) else "missing"
    return None, "ancient" if stated else unclear


def _by_rule(page: ParsedPage, rule: Rule) -> When | None:
    for element in rule.find("published", page.tree)[:1]:
        stated = element.get("datetime") or element.get("content")
        text = one_line(stated or element.text_content()[:200])
        if rule.day_order and is_ambiguous(text):
            return numeric_day(text, day_first=rule.day_order == "day-month")
        return parse_when(text)
    return None


def _is_before(updated: When, published: When) -> bool:
    if updated.stated == published.stated == "instant":
        return updated.at < published.at
    return updated.at.date() < published.at.date()


def read_updated(
    page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None
) -> When | None:
    """The time of the last change by the table above; None when nothing says it."""
    statements = [jsonld.text_of(page.article.get("dateModified"))]
    statements += [page.first(name) for name in MODIFIED_META]
    statements += _marked_times(page, "datemodified")
    statements += [hints.updated] if hints else []
    for text in statements:
        if (when := parse_when(text)) and plausible(when, fetched_at):
            return when
    return None


def _published_statements(page: ParsedPage, hints: FeedHints | None) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield jsonld.text_of(page.article.get(key))
    yield from (page.first(name) for name in PUBLISHED_META)
    yield from _marked_times(page, "datepublished")
    yield from _first_time(page.tree)
    if hints:
        yield hints.published


_with_itemprop = etree.XPath(
    ".//*[@itemprop][translate(@itemprop, 'DATEPUBLISHMOF', 'datepublishmof') = $prop]"
)


def _marked_times(page: ParsedPage, prop: str) -> list[str]:
    if "itemprop" not in page.text:
        return []
    marked = _with_itemprop(page.tree, prop=prop)[:3]
    return [e.get("datetime") or e.get("content") or e.text_content()[:60] for e in marked]


def _first_time(tree: HtmlElement) -> Iterator[str]:
    """The first ``<time datetime>``; one marked as the publish time goes before the others."""
    times = [t for t in tree.iter("time") if t.get("datetime")][:20]
    marked = [t for t in times if t.get("pubdate") is not None or "publi" in (t.get("class") or "")]
    for element in (marked or times)[:1]:
        yield element.get("datetime") or ""


def _refined(statements: list[When]) -> When:
    first = statements[0]
    order = ("day", "local", "instant")
    for other in statements[1:]:
        says_more = order.index(other.stated) > order.index(first.stated)
        if says_more and _agree(first, other):
            first = other
    return first


def _agree(first: When, other: When) -> bool:
    if first.stated == "day":
        return first.at.date() == other.at.date()
    return abs(first.at - other.at) <= _AGREES


def plausible(when: When, fetched_at: datetime | None) -> bool:
    """Neither before the news web nor more than a day after the page was fetched."""
    return when.at >= EARLIEST and (fetched_at is None or when.at <= fetched_at + SKEW)


def _from_address(url: str, fetched_at: datetime | None) -> When | None:
    for found in _URL_DAY.finditer(url[:500]):
        when = made(int(found[1]), int(found[2]), int(found[3]))
        if when and plausible(when, fetched_at):
            return when
    return None


def _searched(page: ParsedPage, fetched_at: datetime | None) -> When | None:
    """``htmldate``'s search; it may be wrong by nature, so it is asked last."""
    if len(page.text) > MAX_SEARCHED:
        return None
    from htmldate import find_date

    _search_english()
    latest = (fetched_at + SKEW).strftime("%Y-%m-%d") if fetched_at else None
    try:
        day = find_date(page.text, original_date=True, url=page.url, max_date=latest)
    except Exception:
        return None
    when = parse_when(day or "")
    return when if when and plausible(when, fetched_at) else None


def _is_guess(at: datetime, text: str) -> bool:
    """Whether the page prints the day in figures that may be another day, too."""
    if at.day > 12 or at.day == at.month:
        return False
    orders = rf"(?:0?{at.day}[./-]0?{at.month}|0?{at.month}[./-]0?{at.day})[./-]{at.year}"
    return re.search(rf"(?<!\d){orders}(?!\d)", text) is not None


@cache
def _search_english() -> None:
    """Only English is read, so that dates in other languages are those of texts that are dropped.

    For the first text that is a date in none of them, ``dateparser`` would make all of its 205
    locales ready: two seconds in which everything on this core waits, and 40 MB for good.
    """
    from htmldate.extractors import get_external_parser

    get_external_parser().languages = ["en"]
