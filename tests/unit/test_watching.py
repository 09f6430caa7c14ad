"""The state of a source: told from what is stored, by rules without a clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.store.places import Source
from services.store.watching import State, Watch, silent_after, state_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(**given: float) -> datetime:
    return NOW - timedelta(**given)


def source(**given: Any) -> Source:
    return Source(id="a", url="https://a.example/", added_at=ago(days=9), **given)


def watch(**given: Any) -> Watch:
    fields: dict[str, Any] = {"next_look": NOW + timedelta(minutes=5), "looked_at": ago(minutes=5)}
    return Watch(source="a", **fields | given)


@pytest.mark.parametrize(
    ("given", "state", "since"),
    [
        ({}, "fine", None),
        ({"looked_at": None}, "new", None),
        ({"failing_since": ago(minutes=4)}, "fine", None),
        ({"failing_since": ago(minutes=5)}, "late", ago(minutes=5)),
        ({"next_look": ago(minutes=14)}, "fine", None),
        ({"next_look": ago(minutes=15)}, "late", ago(minutes=15)),
        ({"next_look": None}, "fine", None),
        ({"next_look": None, "gone": True, "failing_since": ago(days=2)}, "gone", ago(days=2)),
        ({"usual": 600.0, "newest": ago(minutes=29)}, "fine", None),
        ({"usual": 600.0, "newest": ago(minutes=30)}, "silent", ago(minutes=30)),
        ({"usual": 600.0, "newest": ago(days=3), "news_at": ago(minutes=9)}, "fine", None),
        ({"usual": 3600.0, "newest": ago(hours=5)}, "fine", None),
        ({"usual": 3600.0, "newest": ago(hours=6)}, "silent", ago(hours=6)),
        ({"usual": 86400.0, "newest": ago(days=2)}, "fine", None),
        ({"usual": 86400.0, "newest": ago(days=3)}, "silent", ago(days=3)),
        ({"usual": 1e12, "newest": ago(days=300)}, "fine", None),
        ({"newest": ago(days=300)}, "fine", None),
    ],
)
def test_a_state_and_since_when(
    given: dict[str, Any], state: State, since: datetime | None
) -> None:
    found = state_of(source(), watch(**given), NOW)
    assert (found.state, found.since) == (state, since)


def test_what_the_catalogue_says_counts_until_something_was_seen() -> None:
    guessed = source(every=600.0)
    assert state_of(guessed, watch(newest=ago(minutes=40)), NOW).state == "silent"
    found = state_of(guessed, watch(newest=ago(minutes=40), usual=1200.0), NOW)
    assert (found.state, found.usual_seconds) == ("fine", 1200.0)


def test_before_the_first_look_and_while_it_is_paused() -> None:
    assert state_of(source(), None, NOW).state == "new"
    assert state_of(source(paused=True), watch(gone=True), NOW).state == "paused"


def test_a_clock_that_went_back_makes_nobody_late() -> None:
    later = watch(failing_since=NOW + timedelta(hours=2), newest=NOW + timedelta(hours=2))
    assert state_of(source(), later, NOW).state == "fine"


def test_silence_of_a_rare_source_has_an_end() -> None:
    assert silent_after(1e300) < timedelta(days=1200)
