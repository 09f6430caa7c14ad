"""Coverage over time as bars: what each holds, where it stands, where it leads."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.index import DayCount
from services.web.charts.histogram import BARS, HEIGHT, histogram
from services.web.charts.periods import periods
from services.web.charts.scales import round_top
from tests.support.drawing import drawn

counts = st.dictionaries(st.dates(), st.integers(1, 10**9), max_size=80).map(
    lambda by_day: [DayCount(day, count) for day, count in sorted(by_day.items())]
)
DAY = date(2025, 1, 28)


def address(after: str, before: str) -> str:
    return f"/?after={after}&before={before}"


def every(days: int, number: int, start: date = DAY) -> list[DayCount]:
    return [DayCount(start + timedelta(days * at), at + 1) for at in range(number)]


@given(st.dates(), st.dates(), st.integers(20, 60))
def test_stretches_hold_every_day_once_and_are_few(one: date, other: date, most: int) -> None:
    first, last = min(one, other), max(one, other)
    _, found = periods(first, last, most)
    assert len(found) <= most
    assert found[0].start <= first
    assert found[-1].start <= last
    assert found[-1].end is None or found[-1].end > last
    assert all(left.end == right.start for left, right in pairwise(found))


@given(counts)
def test_no_article_is_lost_and_every_bar_stands_in_the_chart(days: list[DayCount]) -> None:
    view = histogram(days, address)
    if not view.bars:
        assert len({day.day for day in days}) < 2
        return
    assert len(view.bars) <= BARS
    assert sum(bar.count for bar in view.bars) == sum(day.count for day in days)
    for bar in view.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.01
        assert bar.y >= 0
        assert bar.y + bar.height == pytest.approx(HEIGHT)
        assert bool(bar.address) == bool(bar.count) == (bar.height > 0)


@pytest.mark.parametrize(
    ("days", "unit", "name"),
    [
        (every(1, 14), "day", "28 Jan 2025"),
        (every(7, 20), "week", "week of 27 Jan 2025"),
        (every(30, 30), "month", "January 2025"),
        (every(90, 40), "quarter", "Q1 2025"),
        (every(365, 30), "year", "2025"),
        (every(36500, 9, date(1, 1, 1)), "year", "1–19"),
    ],
)
def test_the_stretches_suit_the_time_that_is_covered(
    days: list[DayCount], unit: str, name: str
) -> None:
    view = histogram(days, address)
    assert view.unit == unit
    assert view.bars[0].name == name


def test_a_bar_leads_to_its_own_days() -> None:
    view = histogram([DayCount(date(2024, 12, 5), 2), DayCount(date(2025, 12, 1), 1)], address)
    assert view.bars[0].address == "/?after=2024-12-02&before=2024-12-09"
    assert view.bars[1].address == ""


def test_the_last_stretch_of_the_calendar_is_open() -> None:
    view = histogram([DayCount(date(9999, 12, 30), 1), DayCount(date.max, 1)], address)
    assert view.bars[-1].address == "/?after=9999-12-31&before="


def test_labels_are_few_and_begin_years_where_there_are_several() -> None:
    months = histogram(every(30, 40), address)
    assert [tick.text for tick in months.ticks] == ["2025", "2026", "2027", "2028"]
    days = histogram(every(1, 50), address)
    assert days.ticks[0].text == "28 Jan 2025"
    assert 2 <= len(days.ticks) <= 6
    assert not any(left.extra and right.extra for left, right in pairwise(days.ticks))


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 3), (11, 20), (50, 50), (951, 1000)]
)
def test_the_top_line_is_round(value: int, top: int) -> None:
    assert round_top(value) == top


def test_the_drawing_says_in_words_what_it_shows_and_has_its_table() -> None:
    tree = drawn("histogram", histogram(every(1, 3), address))
    assert tree.xpath("//svg/title/text()") == ["Articles by day, 28 Jan 2025 to 30 Jan 2025"]
    assert tree.xpath("//svg/desc/text()") == ["6 articles; most in one stretch: 3 (30 Jan 2025)."]
    in_chart, in_table = tree.xpath("//svg//a/@href"), tree.xpath("//table//a/@href")
    assert in_chart == in_table
    assert in_chart[0] == "/?after=2025-01-28&before=2025-01-29"
    assert not tree.xpath("//@style | //script")
    assert tree.xpath("//svg//a/title/text()")[1] == "29 Jan 2025: 2 articles"


@pytest.mark.parametrize("days", [[], [DayCount(DAY, 0)], [DayCount(DAY, 3)]])
def test_one_day_is_no_choice_and_draws_nothing(days: list[DayCount]) -> None:
    assert not drawn("histogram", histogram(days, address)).xpath("//svg")
