"""Stated times: what is read, what is refused, and which statement is believed."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.extract.dates import read_published, read_updated
from processors.extract.page import ParsedPage, parse_page
from processors.extract.times import parse_when
from processors.records import FeedHints

FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2100-01-01")
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "iso", "stated"),
    [
        ("2025-03-18T09:30:00Z", "2025-03-18T09:30:00+00:00", "instant"),
        ("2025-03-18T09:30:00.123456789-05:00", "2025-03-18T09:30:00-05:00", "instant"),
        ("2025-03-18 09:30:00 +0530", "2025-03-18T09:30:00+05:30", "instant"),
        ("2025-03-18T09:30", "2025-03-18T09:30:00+00:00", "local"),
        ("2025-3-8", "2025-03-08T00:00:00+00:00", "day"),
        ("20250318T093000Z", "2025-03-18T09:30:00+00:00", "instant"),
        ("20250318", "2025-03-18T00:00:00+00:00", "day"),
        ("Tue, 18 Mar 2025 09:30:00 +0100", "2025-03-18T09:30:00+01:00", "instant"),
        ("1742290200", "2025-03-18T09:30:00+00:00", "instant"),
        ("1742290200000", "2025-03-18T09:30:00+00:00", "instant"),
        ("March 18, 2025 4:05 PM EDT", "2025-03-18T16:05:00-04:00", "instant"),
        ("March 18, 2025 at 12:05 a.m.", "2025-03-18T00:05:00+00:00", "local"),
        ("Published 18 March 2025", "2025-03-18T00:00:00+00:00", "day"),
    ],
)
def test_spellings(text: str, iso: str, stated: str) -> None:
    when = parse_when(text)

    assert when is not None
    assert (when.at.isoformat(), when.stated) == (iso, stated)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "03/04/2025",
        "2025-02-30",
        "2025-13-01T00:00:00Z",
        "2025",
        "9" * 200,
        "soon-ish",
    ],
)
def test_what_says_no_time(text: str) -> None:
    assert parse_when(text) is None


@given(st.text(max_size=150))
def test_reading_a_time_never_raises_and_is_always_aware(text: str) -> None:
    when = parse_when(text)

    assert when is None or when.at.utcoffset() is not None


@given(st.datetimes(FIRST, LAST), st.integers(-14 * 4, 14 * 4))
def test_an_iso_time_comes_back_with_its_zone(at: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    text = f"{at:%Y-%m-%dT%H:%M:%S}{'-' if quarters < 0 else '+'}{_clock(abs(offset))}"

    when = parse_when(text)

    assert when is not None
    assert when.at.replace(tzinfo=None) == at.replace(microsecond=0)
    assert when.at.utcoffset() == offset


def _clock(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parsed(head: str, body: str = "", url: str = "https://news.example/story") -> ParsedPage:
    page = parse_page(f"<html><head>{head}</head><body><p>Text.</p>{body}</body></html>", url)
    assert page is not None
    return page


def ld(**fields: str) -> str:
    pairs = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{pairs}}}</script>'


META = '<meta property="article:published_time" content="2025-03-11T08:00:00Z">'
TIME = '<time datetime="2025-03-12T08:00:00Z">12 March</time>'
HINTS = FeedHints(feed="https://news.example/feed", published="Thu, 13 Mar 2025 08:00:00 GMT")


def test_the_order_of_trust() -> None:
    days = [
        read_published(parsed(ld(datePublished="2025-03-10T08:00:00Z") + META, TIME), HINTS, NOW),
        read_published(parsed(META, TIME), HINTS, NOW),
        read_published(parsed("", TIME), HINTS, NOW),
        read_published(parsed(""), HINTS, NOW),
        read_published(parsed("", url="https://news.example/2025/03/14/story"), None, NOW),
    ]

    assert [when and when.at.day for when in days] == [10, 11, 12, 13, 14]


def test_a_time_in_the_future_gives_way_to_the_next() -> None:
    when = read_published(parsed(ld(datePublished="2025-03-22T08:00:00Z") + META), None, NOW)

    assert when is not None
    assert when.at.day == 11


def test_a_time_of_the_epoch_gives_way_to_the_next() -> None:
    when = read_published(parsed(ld(datePublished="1970-01-01T00:00:00Z") + META), None, NOW)

    assert when is not None
    assert when.at.year == 2025


def test_a_day_is_refined_by_a_time_that_agrees() -> None:
    when = read_published(parsed(ld(datePublished="2025-03-11") + META), None, NOW)

    assert when is not None
    assert (when.at, when.stated) == (datetime(2025, 3, 11, 8, tzinfo=UTC), "instant")


def test_a_day_is_not_refined_by_a_time_that_differs() -> None:
    when = read_published(parsed(ld(datePublished="2025-03-09") + META), None, NOW)

    assert when is not None
    assert (when.at.day, when.stated) == (9, "day")


def test_a_change_is_told_apart_from_the_publication() -> None:
    head = ld(datePublished="2025-03-10T08:00:00Z", dateModified="2025-03-11T09:00:00+01:00")
    when = read_updated(parsed(head), None, NOW)

    assert when is not None
    assert when.at.isoformat() == "2025-03-11T09:00:00+01:00"


def test_a_date_in_no_language_makes_no_other_language_ready_than_english() -> None:
    """All of them would take seconds."""
    read_published(parsed("", "<p>3 of x7q 2025</p>"), None, NOW)
    data = "dateparser.data.date_translation_data."
    assert {name.removeprefix(data) for name in sys.modules if name.startswith(data)} == {"en"}
