"""Zones from the clock that a page shows, doubtful days, changes that come before, by-lines."""

from datetime import UTC, datetime, timedelta

import pytest

from processors.extract import Extracted, extract_article
from processors.extract.times import is_ambiguous, parse_when

FETCHED = datetime(2025, 3, 20, 12, tzinfo=UTC)
TEXT = "<p>The laboratory said that the model had cost a tenth of what its rivals pay.</p>" * 6


def read(head: str, body: str = "", url: str = "https://ledger.example/story") -> Extracted:
    page = f"<html><head>{head}</head><body>{body}<article>{TEXT}</article></body></html>"
    return extract_article(page, url, fetched_at=FETCHED)


def stated(published: str, updated: str = "") -> str:
    more = f'<meta property="article:modified_time" content="{updated}">' if updated else ""
    return f'<meta property="article:published_time" content="{published}">{more}'


@pytest.mark.parametrize(
    ("shown", "published"),
    [
        ('<p class="date">March 11, 2025 | 9:25pm</p>', "2025-03-11T21:25:54-05:00"),
        ('<span class="timestamp">12 March 2025 03:25</span>', "2025-03-12T03:25:54+01:00"),
        ("<time>March 12, 2025 at 7:55 AM</time>", "2025-03-12T07:55:54+05:30"),
        ('<p class="date">March 12, 2025 2:25 AM</p>', "2025-03-12T02:25:54+00:00"),
        ('<p class="date">March 12, 2025</p>', "2025-03-12T02:25:54+00:00"),
        ('<p class="date">March 12, 2025 9:41 PM</p>', "2025-03-12T02:25:54+00:00"),
        ('<p class="date">March 14, 2025 9:25 PM</p>', "2025-03-12T02:25:54+00:00"),
        ("<p>March 11, 2025 9:25 PM</p>", "2025-03-12T02:25:54+00:00"),
        (
            "<time>March 11, 2025 9:25 PM</time><time>March 12, 2025 3:25 AM</time>",
            "2025-03-12T02:25:54+00:00",
        ),
    ],
)
def test_a_time_in_utc_takes_the_zone_of_the_pages_clock(shown: str, published: str) -> None:
    found = read(stated("2025-03-12T02:25:54Z"), shown)

    assert found.published is not None
    assert found.published.isoformat() == published


def test_a_stated_zone_stays() -> None:
    found = read(stated("2025-03-12T02:25:54+02:00"), "<time>March 11, 2025 7:25 PM</time>")

    assert found.published is not None
    assert found.published.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("head", "body", "suspect", "day"),
    [
        (stated("2025-03-12T02:25:54Z"), "", "", "2025-03-12"),
        (stated("2099-01-01T00:00:00Z"), "", "future", "2025-03-20"),
        (stated("2025-03-21T11:00:00Z"), "", "", "2025-03-21"),
        (stated("2025-03-22T13:00:00Z"), "", "future", "2025-03-20"),
        (stated("1970-01-01T00:00:00Z"), "", "ancient", None),
        ("", "", "missing", None),
        (stated("2099-01-01T00:00:00Z"), '<time datetime="2025-03-10">x</time>', "", "2025-03-10"),
        ("", '<p class="date">04/03/2025</p>', "ambiguous", "2025-03-04"),
        ("", '<p class="date">14/03/2025</p>', "", "2025-03-14"),
    ],
)
def test_what_is_doubtful_about_a_day_is_said(
    head: str, body: str, suspect: str, day: str | None
) -> None:
    found = read(head, body)

    assert found.date_suspect == suspect
    assert (found.published and f"{found.published:%Y-%m-%d}") == day


@pytest.mark.parametrize(
    ("published", "updated", "kept"),
    [
        ("2025-03-12T10:00:00Z", "2025-03-12T10:00:01Z", True),
        ("2025-03-12T10:00:00Z", "2025-03-12T09:59:59Z", False),
        ("2025-03-12T10:00:00+01:00", "2025-03-12T09:30:00Z", True),
        ("2025-03-12", "2025-03-12T00:30:00Z", True),
        ("2025-03-12", "2025-03-11", False),
    ],
)
def test_no_change_comes_before_the_publication(published: str, updated: str, kept: bool) -> None:
    assert (read(stated(published, updated)).updated is not None) == kept


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("March 3, 2025 4:05 PM ET", "2025-03-03T16:05:00-05:00"),
        ("March 9, 2025 4:05 PM ET", "2025-03-09T16:05:00-04:00"),
        ("July 3, 2025 4:05 PM PT", "2025-07-03T16:05:00-07:00"),
        ("November 2, 2025 4:05 PM CT", "2025-11-02T16:05:00-06:00"),
        ("25/03/2025", "2025-03-25T00:00:00+00:00"),
        ("03/25/2025", "2025-03-25T00:00:00+00:00"),
        ("25.3.2025", "2025-03-25T00:00:00+00:00"),
    ],
)
def test_spellings_of_times(text: str, iso: str) -> None:
    when = parse_when(text)

    assert when is not None
    assert when.at.isoformat() == iso


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [
        ("03/04/2025", True),
        ("Published: 03.04.2025", True),
        ("04/04/2025", False),
        ("13/04/2025", False),
        ("2025-04-03", False),
    ],
)
def test_a_day_that_may_be_two(text: str, ambiguous: bool) -> None:
    assert is_ambiguous(text) == ambiguous


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "author": %s}</script>'
DESK = '{"@type": "Organization", "name": "Ledger Desk"}'


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("", '<a href="/authors/ann-poe">Ann Poe</a>', ("Ann Poe",)),
        ("", '<a href="/authors/">Guide to authors</a>', ()),
        ("", '<a href="/staff/guide">Guide to our staff</a>', ()),
        ("", '<div id="comments"><span class="author">reader9</span></div>', ()),
        ("", '<p class="byline">Ann Poe/Bo Lee</p>', ("Ann Poe", "Bo Lee")),
        (LD % DESK, '<p class="byline">By Ann Poe</p>', ("Ann Poe",)),
        (LD % DESK, "", ("Ledger Desk",)),
    ],
)
def test_who_wrote_it(head: str, body: str, authors: tuple[str, ...]) -> None:
    assert read(head, body).authors == authors
