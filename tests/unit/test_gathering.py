"""When messages go out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.store.alerting import Cadence
from services.store.gathering import first_due, later_due, next_daily
from tests.contracts.alerting import topic

NOON = datetime(2026, 3, 1, 12, 10, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("cadence", "due"),
    [
        ("at-once", later(0.5)),
        ("hourly", datetime(2026, 3, 1, 13, tzinfo=UTC)),
        ("daily", datetime(2026, 3, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_message_goes_out_by_its_topics_cadence(cadence: Cadence, due: datetime) -> None:
    assert first_due(topic(cadence=cadence), NOON, []) == (due, False)


def test_over_the_cap_it_waits_until_one_of_the_hour_is_an_hour_old() -> None:
    sent = [later(-3000), later(-2000), later(-1000)]
    assert first_due(topic(cap=4), NOON, sent) == (later(0.5), False)
    assert first_due(topic(cap=3), NOON, sent) == (later(600), True)
    assert first_due(topic(cap=1), NOON, sent) == (later(2600), True)


def test_a_cap_that_is_free_before_the_message_is_due_holds_nothing_back() -> None:
    assert first_due(topic(cap=1, cadence="daily"), NOON, [later(-10)])[1] is False


@pytest.mark.parametrize(
    ("articles", "seconds", "due"),
    [
        (2, 0.4, 0.5),  # a few make no storm
        (10, 0.4, 5.4),  # quiet for five seconds
        (500, 20, 25),
        (5000, 58, 60),  # a minute is the most
        (5000, 61, 60),
    ],
)
def test_a_storm_is_gathered(articles: int, seconds: float, due: float) -> None:
    assert later_due(topic(), NOON, later(0.5), articles, later(seconds)) == later(due)


def test_a_digest_gathers_until_its_hour() -> None:
    due = later(3000)
    assert later_due(topic(cadence="hourly"), NOON, due, 5000, later(1)) == due


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("UTC", "2026-03-01T07:59:59+00:00", "2026-03-01T08:00:00+00:00"),
        ("UTC", "2026-03-01T08:00:00+00:00", "2026-03-02T08:00:00+00:00"),
        ("Asia/Kolkata", "2026-03-01T03:00:00+00:00", "2026-03-02T02:30:00+00:00"),
        # The clocks go forward on the 29th of March 2026 in Berlin, back on the 25th of October.
        ("Europe/Berlin", "2026-03-28T08:00:00+00:00", "2026-03-29T06:00:00+00:00"),
        ("Europe/Berlin", "2026-10-24T08:00:00+00:00", "2026-10-25T07:00:00+00:00"),
    ],
)
def test_once_a_day_at_an_hour_of_a_zone(zone: str, now: str, due: str) -> None:
    assert next_daily(8, zone, datetime.fromisoformat(now)) == datetime.fromisoformat(due)


def test_no_day_of_a_year_is_left_out_or_has_two_at_an_hour_that_clocks_skip() -> None:
    """In Berlin it is never half past two on the 29th of March 2026."""
    zone = ZoneInfo("Europe/Berlin")
    now, days = datetime(2026, 1, 1, tzinfo=UTC), []
    for _ in range(365):
        now = next_daily(2, "Europe/Berlin", now)
        days.append(now.astimezone(zone).date())
    assert len(set(days)) == 365
