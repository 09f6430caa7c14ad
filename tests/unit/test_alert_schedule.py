"""When an undelivered message is tried again: the whole schedule, with a clock of the test's."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.schedule import DAYS, LONGEST, TRIES, WAITS, Tried, asked_wait, end_of
from services.store.alerting import Again, Failed, Sent
from tests.support.alert_store import AlertStore
from tests.support.alerting import alert_topic, channel, message, noted, parcel
from tests.support.articles import at

AWAY = Tried(error="it is away")
NOW = datetime(2025, 2, 3, 10, tzinfo=UTC)
REFUSED = Tried(error="it answered 400", alone=True)
MAIL_AWAY = Tried(error="the mail server is away", channels_fault=False)


def tried_until_the_end(tried: Tried) -> tuple[AlertStore, list[datetime]]:
    """A message that meets the same answer at every try: what is left, and when each try was."""
    store = AlertStore()
    store.add_topic(alert_topic(channels=("c1",)))
    store.add_channel(channel())
    store.open_message(message(), noted())
    now, times = at(1), []
    while parcels := store.take(now, now + timedelta(minutes=2)):
        times.append(now)
        store.end("msg_1", end_of(tried, parcels[0], now, 0.0), now)
        now = store.next_due() or now
    return store, times


def test_ten_tries_over_75_hours_then_the_channel_is_given_up() -> None:
    store, times = tried_until_the_end(AWAY)
    assert len(times) == TRIES == 10
    assert [after - before for before, after in pairwise(times)] == [*WAITS]
    assert times[-1] - times[0] == timedelta(hours=75, minutes=35, seconds=5) < LONGEST
    [failed] = store.messages()
    assert (failed.state, failed.error) == ("failed", "it is away")
    given_up = store.channels()[0].disabled
    assert given_up == "nothing could be delivered since 1 Jan 2025, 13:00 UTC: it is away"


@given(st.floats(0, 1), st.booleans())
def test_jitter_brings_a_try_forward_a_little_and_never_puts_it_off(
    chance: float, alone: bool
) -> None:
    for tries, full in enumerate(WAITS):
        made = parcel(attempts=tries)
        failing = replace(made, channel=replace(made.channel, failures=tries))
        ended = end_of(replace(AWAY, alone=alone), failing, NOW, chance)
        assert isinstance(ended, Again)
        assert 0.95 * full <= ended.at - NOW <= full
        assert ended.alone == alone
    assert DAYS < 0.95 * sum(WAITS, timedelta()) < sum(WAITS, timedelta()) < LONGEST


def test_a_receiver_that_took_others_is_not_given_up_for_one_that_it_refuses() -> None:
    made = parcel(attempts=TRIES - 1)
    for failing, given_up in ((None, False), (NOW - DAYS / 2, False), (NOW - DAYS, True)):
        channel = replace(made.channel, failing_since=failing)
        ended = end_of(REFUSED, replace(made, channel=channel), NOW, 0.0)
        assert isinstance(ended, Failed)
        assert bool(ended.disable) == given_up


def test_a_receiver_that_is_only_restarted_is_tried_soon_by_a_message_often_refused() -> None:
    ended = end_of(AWAY, parcel(attempts=6), NOW, 0.0)
    assert ended == Again(NOW + WAITS[0], "it is away")


def test_a_message_that_comes_in_a_long_outage_is_tried_soon_at_first() -> None:
    made = parcel(attempts=1)
    ended = end_of(AWAY, replace(made, channel=replace(made.channel, failures=8)), NOW, 0.0)
    assert ended == Again(NOW + WAITS[1], "it is away")


def test_a_mail_server_that_is_away_ends_the_message_and_not_the_channel() -> None:
    store, times = tried_until_the_end(MAIL_AWAY)
    assert len(times) == TRIES
    assert store.messages()[0].state == "failed"
    assert not store.channels()[0].disabled


def test_three_failures_and_then_a_success() -> None:
    store = AlertStore()
    store.add_topic(alert_topic(channels=("c1",)))
    store.add_channel(channel())
    store.open_message(message(), noted())
    now = at(1)
    for tried in (AWAY, AWAY, AWAY, Tried()):
        [parcel] = store.take(now, now + timedelta(minutes=2))
        store.end("msg_1", end_of(tried, parcel, now, 0.0), now)
        now = store.next_due() or now
    assert store.messages()[0].state == "sent"
    after = store.channels()[0]
    assert (after.failures, after.failing_since, after.retry_at) == (0, None, None)


def test_who_asks_for_patience_again_and_again_is_given_up_after_76_hours() -> None:
    busy = Tried(error="it is busy", retry_after=timedelta(hours=24))
    _, times = tried_until_the_end(busy)
    assert len(times) == 5
    assert times[-2] - times[0] < LONGEST <= times[-1] - times[0]


def test_a_shorter_wait_than_planned_is_not_given() -> None:
    _, times = tried_until_the_end(Tried(error="it is busy", retry_after=timedelta(minutes=1)))
    assert times[1] - times[0] == timedelta(minutes=1)
    assert times[2] - times[1] == WAITS[1]


def test_what_would_end_the_same_is_not_tried_again() -> None:
    store, times = tried_until_the_end(Tried(error="gone", for_good=True, disable="it is gone"))
    assert len(times) == 1
    assert store.channels()[0].disabled == "it is gone · 1 Jan 2025, 13:00 UTC"


def test_a_channel_that_was_switched_on_again_gets_a_second_try() -> None:
    store = AlertStore()
    store.add_topic(alert_topic(channels=("c1",)))
    store.add_channel(channel(failing_since=at(-100), failures=10))
    store.open_message(message(), noted())
    [parcel] = store.take(at(1), at(2))
    assert isinstance(end_of(AWAY, parcel, at(1), 0.0), Again)
    store.end("msg_1", Again(at(1), "away"), at(1))
    [parcel] = store.take(at(1), at(2))
    assert isinstance(end_of(AWAY, parcel, at(1), 0.0), Failed)
    assert isinstance(end_of(Tried(), parcel, at(1), 0.0), Sent)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 1),
        ("-5", 1),
        ("99999999", 86400),
        ("9" * 5000, 86400),
        ("Mon, 03 Feb 2025 10:05:00 GMT", 300),
        ("Mon, 03 Feb 2025 09:00:00 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400),
    ],
)
def test_what_a_receiver_may_ask_for(header: str, seconds: int) -> None:
    assert asked_wait(header, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize("header", ["", " ", "soon", "1e3", "½", "--", "٣"])
def test_what_asks_for_nothing(header: str) -> None:
    assert asked_wait(header, NOW) is None


@given(st.text(max_size=40))
def test_any_header_is_understood_or_left(header: str) -> None:
    wait = asked_wait(header, NOW)
    assert wait is None or timedelta(seconds=1) <= wait <= timedelta(days=1)
