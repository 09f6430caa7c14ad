"""When a source is looked at again: decisions, without a clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetching.caching import fresh_for, retry_after
from crawlers.listings.entries import Rhythm
from crawlers.rhythm import Look, after_rest, back_off, usual_gap, watched, with_ends
from services.store.places import Source
from services.store.watching import MOST_ENDS, MOST_TIMES, Watch

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
EVERY = 600.0


def source(**given: Any) -> Source:
    return Source(id="a", url="https://a.example/", added_at=NOW, **given)


def apart(seconds: float, count: int = 10, last: float = 60) -> tuple[datetime, ...]:
    first = NOW - timedelta(seconds=last)
    return tuple(first - timedelta(seconds=seconds * n) for n in range(count))


def wait(look: Look, known: Watch | None = None, **given: Any) -> float:
    found = watched(source(**given), known, look, EVERY, 0.5)
    assert found.next_look is not None
    return (found.next_look - NOW).total_seconds()


@pytest.mark.parametrize(
    ("given", "fields", "seconds"),
    [
        ({}, {}, 600),
        ({}, {"every": 7200.0}, 3600),
        ({"times": apart(1200)}, {"every": 7200.0}, 600),
        ({"times": apart(1200), "new": 2}, {}, 300),
        ({"times": apart(60)}, {}, 60),
        ({"times": apart(86400)}, {}, 14400),
        ({"times": apart(1200), "fresh": 900.0}, {}, 900),
        ({"times": apart(1200), "rhythm": Rhythm(ttl=30), "fresh": 60.0}, {}, 1800),
        ({"times": apart(1200), "rhythm": Rhythm(every=10**9)}, {}, 3600),
        ({"times": apart(1200), "rhythm": Rhythm(every=10**9)}, {"priority": 1}, 600),
        ({"times": apart(1200)}, {"priority": 1}, 300),
        ({"times": apart(1200)}, {"priority": 99}, 60),
        ({"times": apart(1200, last=40000)}, {}, 4000),
        ({"times": apart(1200, last=9e6)}, {}, 14400),
        ({"failed": "away"}, {}, 60 * 0.875),
        ({"failed": "busy", "retry_after": 99999999.0}, {}, 86400),
        ({"failed": "busy", "retry_after": -5.0}, {}, 1),
    ],
)
def test_the_next_look(given: dict[str, Any], fields: dict[str, Any], seconds: float) -> None:
    assert wait(Look(at=NOW, **given), **fields) == pytest.approx(seconds)


def test_failures_double_the_wait_and_are_forgotten_at_once() -> None:
    known: Watch | None = None
    waits = []
    for _ in range(30):
        known = watched(source(), known, Look(at=NOW, failed="away"), EVERY, 1.0)
        assert known.next_look is not None
        waits.append((known.next_look - NOW).total_seconds())
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == 86400
    assert (known and known.failing_since, known and known.failures) == (NOW, 30)
    good = watched(source(), known, Look(at=NOW), EVERY, 0.5)
    assert (good.failing_since, good.failures, good.reason) == (None, 0, "")


def test_what_is_gone_is_looked_at_no_more_and_a_push_brings_it_back() -> None:
    gone = watched(source(), None, Look(at=NOW, gone=True), EVERY, 0.5)
    assert (gone.next_look, gone.gone, gone.failing_since) == (None, True, NOW)
    assert "410" in gone.reason
    back = watched(source(), gone, Look(at=NOW), EVERY, 0.5)
    assert not back.gone
    assert back.next_look is not None


def test_a_rhythm_is_robust() -> None:
    batch = [NOW - timedelta(hours=6 * day) for day in range(8)]
    assert usual_gap(batch) == 6 * 3600
    night = [*apart(600, 12), *(time - timedelta(hours=9) for time in apart(600, 12, 7300))]
    assert usual_gap(sorted(night, reverse=True)) == 600
    assert usual_gap([NOW] * 10) is None
    assert usual_gap(apart(60, 3)) is None


def test_times_are_kept_newest_first_without_the_future() -> None:
    later = NOW + timedelta(days=2)
    known = watched(source(), None, Look(at=NOW, times=(*apart(60, 30), later)), EVERY, 0.5)
    again = watched(source(), known, Look(at=NOW, times=apart(45, 30)), EVERY, 0.5)
    assert known.newest == apart(60)[0]
    assert len(again.times) == MOST_TIMES
    assert list(again.times) == sorted(set(again.times), reverse=True)


def test_the_last_ends_are_kept() -> None:
    known = Watch(source="a", next_look=NOW, ends=("old",) * MOST_ENDS)
    assert with_ends(known, ["first", "second"]).ends == ("second", "first", *known.ends[:-2])


@pytest.mark.parametrize(
    ("rhythm", "hours"),
    [
        (Rhythm(), 0),
        (Rhythm(skip_hours=frozenset({12, 13})), 2),
        (Rhythm(skip_days=frozenset({0})), 12),
        (Rhythm(skip_hours=frozenset(range(24))), 0),
        (Rhythm(skip_days=frozenset({0, 1, 2})), 0),
    ],
)
def test_a_feed_that_rests(rhythm: Rhythm, hours: int) -> None:
    known = watched(source(), None, Look(at=NOW, rhythm=rhythm), EVERY, 0.5)
    assert after_rest(NOW, known) == NOW + timedelta(hours=hours)


@given(
    st.floats(1, 31_536_000), st.floats(0, 1),
    st.builds(source, priority=st.integers(-99, 99), every=st.none() | st.floats(0.001, 1e12)),
    st.lists(st.datetimes(timezones=st.just(UTC))),
    st.builds(Rhythm, ttl=st.integers(0, 10**12), every=st.integers(0, 10**12)),
)  # fmt: skip
def test_every_interval_has_its_bounds(
    every: float, chance: float, given: Source, times: list[datetime], rhythm: Rhythm
) -> None:  # fmt: skip
    look = Look(at=NOW, times=times, rhythm=rhythm, new=len(times))
    found = watched(given, None, look, every, chance)
    assert found.next_look is not None
    seconds = (found.next_look - NOW).total_seconds()
    assert 0.9 * max(1, every / 10) <= seconds + 0.001
    assert seconds <= 1.1 * 24 * every + 0.001


@given(
    st.integers(1, 10**9),
    st.none() | st.floats(allow_nan=False),
    st.floats(1, 1e9),
    st.floats(0, 1),
)
def test_no_back_off_is_longer_than_a_day(
    failures: int, asked: float | None, every: float, chance: float
) -> None:
    assert 0.75 <= back_off(failures, asked, every, chance) <= 86400


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": 'max-age="60"', "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "x"}, 60),
        ({"cache-control": "no-cache, max-age=300"}, 0),
        ({"cache-control": "s-maxage=5"}, None),
        ({"cache-control": "max-age=99999999999999"}, 999999999999),
        ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, 600),
        (
            {
                "expires": "Mon, 02 Mar 2026 14:10:00 GMT",
                "date": "Mon, 02 Mar 2026 14:00:00 GMT",
            },
            600,
        ),
        ({"expires": "-1"}, None),
        ({"expires": "Mon, 02 Mar 2020 12:10:00 GMT"}, 0),
    ],
)
def test_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_for(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("", None),
        ("120", 120),
        ("99999999", 86400),
        ("9" * 5000, 86400),
        ("-5", 1),
        ("soon", 1),
        ("²", 1),
        ("Mon, 02 Mar 2026 12:00:30 GMT", 30),
        ("Mon, 02 Mar 2020 12:00:00 GMT", 1),
        ("Mon, 02 Mar 2031 12:00:00 GMT", 86400),
    ],
)
def test_retry_after_is_clamped_to_a_day(value: str, seconds: float | None) -> None:
    """Row 51."""
    assert retry_after(value, NOW) == seconds
