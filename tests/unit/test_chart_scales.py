"""Scales: every value has its place, and the labels are round and few."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.charts.labels import spaced
from services.web.charts.scales import (
    TimeScale,
    log_scale,
    money_ticks,
    time_scale,
    time_ticks,
)

figures = st.floats(0.01, 1e18, allow_nan=False)
times = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(st.lists(figures, min_size=1, max_size=20))
def test_every_figure_has_its_place_in_order(values: list[float]) -> None:
    scale = log_scale(values)
    places = [scale.x(value) for value in sorted(values)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)
    assert scale.low < scale.high


@given(st.lists(figures, min_size=1, max_size=20))
def test_labels_of_money_are_few_and_apart(values: list[float]) -> None:
    ticks = money_ticks(log_scale(values), "USD")
    assert 1 <= len(ticks) <= 7
    assert all(right.x - left.x >= 15.9 for left, right in pairwise(ticks))


@pytest.mark.parametrize(
    ("values", "currency", "labels"),
    [
        ([294_000, 1.3e9], "USD", ["$1M", "$10M", "$100M", "$1B"]),
        ([5.6e6, 6e6], "USD", ["$5M", "$10M"]),
        ([5e6], "USD", ["$2M", "$5M", "$10M"]),
        ([20_000, 400_000], None, ["20,000", "50,000", "100,000", "200,000", "500,000"]),
    ],
)
def test_labels_are_round(values: list[float], currency: str | None, labels: list[str]) -> None:
    assert [tick.text for tick in money_ticks(log_scale(values), currency)] == labels


def test_a_figure_out_of_bounds_stands_at_the_edge() -> None:
    scale = log_scale([1e6, 1e9])
    assert scale.x(1) == scale.x(1e6) == 2
    assert scale.x(1e300) == scale.x(1e9) == 98


@pytest.mark.parametrize("values", [[], [0.0], [-5.0]])
def test_without_a_figure_above_nothing_there_is_no_scale(values: list[float]) -> None:
    with pytest.raises(ValueError, match="above 0"):
        log_scale(values)


@given(st.lists(times, min_size=1, max_size=20))
def test_every_time_has_its_place_and_labels_keep_their_distance(at: list[datetime]) -> None:
    scale = time_scale(at)
    places = [scale.x(one) for one in sorted(at)]
    assert all(0 <= place <= 100 for place in places)
    assert places == sorted(places)
    assert len(time_ticks(scale)) <= 7


def test_years_are_labelled_where_there_are_several() -> None:
    scale = TimeScale(datetime(2023, 11, 5, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    assert [tick.text for tick in time_ticks(scale)] == ["2024", "2025"]


def test_times_of_one_moment_are_a_day_wide() -> None:
    noon = datetime(2025, 1, 28, 12, tzinfo=UTC)
    scale = time_scale([noon, noon])
    assert scale.x(noon) == 50
    assert scale.last - scale.first == timedelta(days=1)


def test_every_other_label_goes_where_it_is_narrow_if_there_are_many() -> None:
    many = spaced(((str(at), at * 20.0) for at in range(5)), to_the_right=False)
    assert [tick.extra for tick in many] == [False, True, False, True, False]
    few = spaced(((str(at), at * 20.0) for at in range(3)), to_the_right=False)
    assert not any(tick.extra for tick in few)


def test_a_label_that_would_leave_the_chart_is_none() -> None:
    assert [tick.text for tick in spaced([("2024", 0), ("2025", 97)], to_the_right=True)] == [
        "2024"
    ]
