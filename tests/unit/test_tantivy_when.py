"""Stretches of time as terms: whatever lies within is found, and nothing else."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.index.documents import micros
from services.index.tantivy_when import Edge, stretch, when_terms


def at(year: int, month: int, day: int, hour: int = 0) -> int:
    return micros(datetime(year, month, day, hour, tzinfo=UTC))


def found(time: int, after: int | None, before: int | None) -> bool:
    whole, edges = stretch(after, before)
    terms = when_terms(time)
    return bool(set(whole) & set(terms)) or any(
        edge.day in terms and edge.after <= time < edge.before for edge in edges
    )


MOMENTS = st.datetimes(timezones=st.just(UTC)) | st.builds(
    lambda day, past: datetime(2024, 2, 28, tzinfo=UTC) + timedelta(days=day, microseconds=past),
    st.integers(-400, 400),
    st.sampled_from([0, 0, 1, -1, 3_600_000_000]),
)


@given(MOMENTS, MOMENTS | st.none(), MOMENTS | st.none())
def test_a_time_is_found_in_the_stretches_that_it_lies_in(
    time: datetime, after: datetime | None, before: datetime | None
) -> None:
    inside = (after is None or after <= time) and (before is None or time < before)
    bounds = [None if bound is None else micros(bound) for bound in (after, before)]
    assert found(micros(time), *bounds) == inside


@given(MOMENTS, MOMENTS)
def test_no_more_terms_than_the_ends_need(after: datetime, before: datetime) -> None:
    whole, edges = stretch(micros(after), micros(before))
    assert len(whole) == len(set(whole)) <= 2 * (30 + 11 + 9 + 9) + 100
    assert len(edges) <= 2


def test_a_stretch_is_told_in_the_largest_parts() -> None:
    assert stretch(at(2024, 6, 1), at(2024, 9, 1)) == (["2024-06", "2024-07", "2024-08"], [])
    assert stretch(at(2019, 12, 31), at(2031, 1, 2)) == (
        ["2019-12-31", "202", "2030", "2031-01-01"],
        [],
    )
    assert stretch(None, None)[0][-1] == "99"


def test_parts_of_days_are_told_apart() -> None:
    assert stretch(at(2024, 6, 1, 8), at(2024, 6, 3, 9)) == (
        ["2024-06-02"],
        [
            Edge("2024-06-01", at(2024, 6, 1, 8), at(2024, 6, 2)),
            Edge("2024-06-03", at(2024, 6, 3), at(2024, 6, 3, 9)),
        ],
    )
    one_morning = (at(2024, 6, 1, 8), at(2024, 6, 1, 9))
    assert stretch(*one_morning) == ([], [Edge("2024-06-01", *one_morning)])
    assert stretch(*reversed(one_morning)) == stretch(one_morning[0], one_morning[0]) == ([], [])
