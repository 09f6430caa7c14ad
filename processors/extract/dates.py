"""When a page was published: the first trusted statement that reads as a time.

| trust | published | updated |
|---|---|---|
| 1 | JSON-LD ``datePublished`` | JSON-LD ``dateModified`` |
| 2 | ``meta`` ``article:published_time``, ... | ``meta`` ``article:modified_time``, ... |
| 3 | ``itemprop=datePublished``, ``<time datetime>`` | ``itemprop=dateModified`` |
| 4 | the feed's or sitemap's word | the feed's word |
| 5 | a date in the address, then ``htmldate``'s search of the text | - |

A time more than 24 hours after the fetch, or before 1990, is no statement: the next one is asked.
A day or a time without a zone is refined by a later statement of 1 to 4 that agrees with it to
within 14 hours and says more.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Literal

import msgspec
from lxml.html import HtmlElement

from processors.extract import jsonld
from processors.extract.page import ParsedPage
from processors.records import FeedHints

Stated = Literal["instant", "local", "day"]
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

_ZONE_NAMES = {
    "GMT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "ET": None, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1, "CEST": 2, "JST": 9, "SGT": 8,
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?\s*(.{0,40}))?$"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(.{0,10}))?$")
_RFC2822 = re.compile(r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3} \d{4} \d\d?:\d\d")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d\d?):?(\d\d)?(?:\[.*|\s.*)?$")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
    r"(?:[\s,|at-]{1,8}(\d{1,2}):(\d\d)(?::\d\d)?\s*([AaPp]\.?[Mm]\.?)?\s*([A-Z]{1,4})?)?"
)
_URL_DAY = re.compile(
    r"[/._-]((?:19|20)\d\d)[/._-]?(0[1-9]|1[0-2])[/._-]?(0[1-9]|[12]\d|3[01])(?=[/._-]|$)"
)


class When(msgspec.Struct, frozen=True):
    """A stated time: aware, and how much of it was stated (UTC is assumed where no zone was)."""

    at: datetime
    stated: Stated


def read_published(
    page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None
) -> When | None:
    """The publish time by the table above; None when nothing says it."""
    structured = [
        when
        for text in _published_statements(page, hints)
        if (when := parse_when(text)) and plausible(when, fetched_at)
    ]
    if structured:
        return _refined(structured)
    return _from_address(page.url, fetched_at) or _searched(page, fetched_at)


def read_updated(
    page: ParsedPage, hints: FeedHints | None, fetched_at: datetime | None
) -> When | None:
    """The time of the last change by the table above; None when nothing says it."""
    statements = [jsonld.text_of(page.article.get("dateModified"))]
    statements += [page.first(name) for name in MODIFIED_META]
    statements += _marked_times(page.tree, "datemodified")
    statements += [hints.updated] if hints else []
    for text in statements:
        if (when := parse_when(text)) and plausible(when, fetched_at):
            return when
    return None


def _published_statements(page: ParsedPage, hints: FeedHints | None) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield jsonld.text_of(page.article.get(key))
    yield from (page.first(name) for name in PUBLISHED_META)
    yield from _marked_times(page.tree, "datepublished")
    yield from _first_time(page.tree)
    if hints:
        yield hints.published


def _marked_times(tree: HtmlElement, prop: str) -> list[str]:
    marked = [e for e in tree.xpath(".//*[@itemprop]") if e.get("itemprop").lower() == prop]
    return [e.get("datetime") or e.get("content") or e.text_content()[:60] for e in marked[:3]]


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
        when = _made(int(found[1]), int(found[2]), int(found[3]))
        if when and plausible(when, fetched_at):
            return when
    return None


def _searched(page: ParsedPage, fetched_at: datetime | None) -> When | None:
    """``htmldate``'s search; it may be wrong by nature, so it is asked last."""
    if page.size > MAX_SEARCHED:
        return None
    from htmldate import find_date

    _search_english()
    latest = (fetched_at + SKEW).strftime("%Y-%m-%d") if fetched_at else None
    try:
        day = find_date(page.tree, original_date=True, url=page.url, max_date=latest)
    except Exception:
        return None
    when = parse_when(day or "")
    return when if when and plausible(when, fetched_at) else None


@cache
def _search_english() -> None:
    """Only English is read, so that dates in other languages are those of texts that are dropped.

    For the first text that is a date in none of them, ``dateparser`` would make all of its 205
    locales ready: two seconds in which everything on this core waits, and 40 MB for good.
    """
    from htmldate.extractors import get_external_parser

    get_external_parser().languages = ["en"]


def parse_when(text: str) -> When | None:
    """A time from a machine-readable or English statement of at most 100 characters.

    Reads ISO 8601 in the spellings of publishers, compact ISO, RFC 2822, epoch seconds and
    milliseconds, and ``March 3, 2025 4:05 PM EST``; a bare ``03/04/2025`` is ambiguous: None.
    """
    text = " ".join(text[:101].split())
    if not 8 <= len(text) <= 100:
        return None
    if text.isdigit() and len(text) in (10, 13):
        return When(datetime.fromtimestamp(int(text[:10]), UTC), "instant")
    for pattern in (_ISO, _COMPACT):
        if found := pattern.match(text):
            year, month, day, hour, minute, second, zone = found.groups()
            if hour is None:
                return _made(int(year), int(month), int(day))
            clock = (int(hour), int(minute), int(second or 0))
            return _made(int(year), int(month), int(day), clock, zone)
    return _rfc2822(text) or _worded(text)


def _rfc2822(text: str) -> When | None:
    if not _RFC2822.match(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return When(at.replace(tzinfo=UTC), "local") if at.tzinfo is None else When(at, "instant")


def _worded(text: str) -> When | None:
    found = _WORDED.search(text)
    if not found or found[2][:3].lower() not in _MONTHS or not (found[1] or found[3]):
        return None
    month = _MONTHS.index(found[2][:3].lower()) + 1
    day = int(found[3] or found[1])
    if found[5] is None:
        return _made(int(found[4]), month, day)
    hour = int(found[5])
    if found[7]:
        hour = hour % 12 + (12 if found[7][0] in "pP" else 0)
    return _made(int(found[4]), month, day, (hour, int(found[6]), 0), found[8] or "")


def _made(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None = None, zone: str = ""
) -> When | None:
    """The time if such a day exists; a zone that is not understood counts as not stated."""
    offset = _offset(zone or "")
    hour, minute, second = clock or (0, 0, 0)
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        if offset is None:
            return When(at, "local" if clock else "day")
        return When(at.replace(tzinfo=_zone(offset)), "instant")
    except (ValueError, OverflowError):
        return None


def _zone(offset: timedelta) -> timezone:
    return UTC if not offset else timezone(offset)


def _offset(zone: str) -> timedelta | None:
    zone = zone.strip()
    hours = _ZONE_NAMES.get(zone.upper())
    if hours is not None:
        return timedelta(hours=hours)
    found = _OFFSET.match(zone)
    if not found:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -size if found[1] == "-" else size
