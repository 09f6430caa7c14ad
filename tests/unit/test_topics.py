"""What a topic may be, and what another wish makes of it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.errors import QueryError
from services.alerts.channel_rules import (
    enabled,
    ended_by_receiver,
    new_channel,
    rotated,
)
from services.alerts.topics import (
    Wish,
    default_name,
    edited,
    mute_until,
    muted,
    new_topic,
    with_new_feed,
)
from services.alerts.words import cadence_words, news_words, state_words
from services.errors import UserError
from services.store.alerting import AlertTopic

NOW = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)


def topic(**wish: object) -> AlertTopic:
    return new_topic("ada", Wish(query="chips", **wish), ("c1", "c2"), NOW)  # type: ignore[arg-type]


def test_a_topic_is_called_as_its_query_and_looks_from_now_on() -> None:
    made = new_topic("ada", Wish(query='deepseek "hedge fund"'), (), NOW)
    assert (made.name, made.owner, made.since, made.created_at) == (
        'deepseek "hedge fund"',
        "ada",
        NOW,
        NOW,
    )
    assert (made.when, made.cadence, made.cap, made.version) == ("any", "at-once", 20, 1)
    assert len(made.feed_token) == 43
    assert new_topic("ada", Wish(query=""), (), NOW).name == "Everything"


@pytest.mark.parametrize("query", ["a" * 2000, "\x00 \x07 \u202e", "w " * 500])
def test_a_name_made_of_a_query_is_one_that_may_be_given(query: str) -> None:
    assert msgspec.structs.replace(topic(), name=default_name(query)).name == default_name(query)
    assert edited(topic(), Wish(name=default_name(query)), (), NOW)


def test_a_query_that_cannot_be_read_is_told_with_its_place() -> None:
    wish = Wish(query="nvidia (chips")
    with pytest.raises(QueryError) as wrong:
        new_topic("ada", wish, (), NOW)
    assert wrong.value.position == 7
    with pytest.raises(QueryError):
        edited(topic(), Wish(query="usd:>"), (), NOW)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"when": "sometimes"}, "kind of news; choose from any, first"),
        ({"cadence": "weekly"}, "no cadence; choose from at-once"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"zone": "../etc/passwd"}, "no time zone"),
        ({"zone": ""}, "no time zone"),
        ({"hour": "24"}, "the hour is a whole number from 0 to 23"),
        ({"hour": "٣"}, "the hour is a whole number"),
        ({"cap": "0"}, "from 1 to 1,000"),
        ({"percent": "-5"}, "the percentage is a whole number"),
        ({"percent": "1e3"}, "the percentage is a whole number"),
        ({"percent": "9" * 400}, "the percentage is a whole number"),
        ({"channels": ("c3",)}, "no channel 'c3' of yours"),
        ({"name": "x" * 101}, "up to 100 characters"),
        ({"name": "x\x07y"}, "can be printed"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(wish: dict[str, object], says: str) -> None:
    with pytest.raises(UserError) as refused:
        topic(**wish)
    assert says in str(refused.value)


def test_only_another_question_is_another_version() -> None:
    later = NOW + timedelta(hours=1)
    first = topic(channels=("c1",))
    same = edited(
        first, Wish(name="other", channels=("c2", "c2"), cadence="daily", cap="3"), ("c2",), later
    )
    assert (same.version, same.since, same.channels) == (1, NOW, ("c2",))
    assert (same.name, same.cadence, same.cap, same.query) == ("other", "daily", 3, "chips")
    for wish in (Wish(query="gpus"), Wish(when="first"), Wish(percent="30")):
        changed = edited(first, wish, (), later)
        assert (changed.version, changed.since) == (2, later)
        assert changed.channels == first.channels
    assert edited(first, Wish(query=" chips "), (), later).version == 1


def test_how_much_is_new_depends_on_what_is_asked() -> None:
    assert topic(when="spike").percent == 200
    assert topic(when="spike", percent="").percent == 200
    assert topic(when="spike", percent="300").percent == 300
    assert edited(topic(when="spike"), Wish(when="changed"), (), NOW).percent == 10
    kept = edited(topic(when="changed", percent="30"), Wish(name="x"), (), NOW)
    assert (kept.percent, news_words(kept)) == (
        30,
        "another figure than the latest known one, by 30% or more",
    )


def test_a_topic_that_was_not_looked_at_is_again_when_its_query_can_be_read() -> None:
    broken = msgspec.structs.replace(topic(), disabled="its query cannot be read")
    assert state_words(broken, NOW) == "not looked at: its query cannot be read"
    mended = edited(broken, Wish(query="chips gpus"), (), NOW)
    assert (mended.disabled, state_words(mended, NOW)) == ("", "")


@pytest.mark.parametrize(
    ("said", "zone", "until"),
    [
        ("90m", "UTC", datetime(2026, 11, 29, 20, 0, tzinfo=UTC)),
        ("1h", "UTC", datetime(2026, 11, 29, 19, 30, tzinfo=UTC)),
        (" 3D ", "UTC", datetime(2026, 12, 2, 18, 30, tzinfo=UTC)),
        ("2w", "UTC", datetime(2026, 12, 13, 18, 30, tzinfo=UTC)),
        ("today", "UTC", datetime(2026, 11, 30, tzinfo=UTC)),
        ("today", "Europe/Berlin", datetime(2026, 11, 29, 23, 0, tzinfo=UTC)),
        ("today", "Asia/Tokyo", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("2026-12-24", "Europe/Berlin", datetime(2026, 12, 23, 23, 0, tzinfo=UTC)),
        ("2027-07-01", "Europe/Berlin", datetime(2027, 6, 30, 22, 0, tzinfo=UTC)),
    ],
)
def test_a_mute_ends_when_it_was_said(said: str, zone: str, until: datetime) -> None:
    end = mute_until(said, zone, NOW)
    assert end == until
    mute = muted(topic(zone=zone), end)
    assert mute.is_mute(NOW)
    assert not mute.is_mute(end)
    assert state_words(mute, NOW).startswith("mute until ")


@pytest.mark.parametrize(
    "said",
    ["", "soon", "0h", "h", "2026-11-29", "2020-01-01", "9999-01-01", "99999w", "-1h", "1½h", "²h"],
)
def test_a_mute_without_an_end_is_refused(said: str) -> None:
    with pytest.raises(UserError):
        mute_until(said, "UTC", NOW)


@given(st.text(max_size=12))
def test_whatever_is_said_is_an_end_or_a_refusal(said: str) -> None:
    with suppress(UserError):
        assert mute_until(said, "America/New_York", NOW) > NOW


def test_a_new_feed_has_another_address() -> None:
    first = topic()
    assert with_new_feed(first).feed_token != first.feed_token
    assert with_new_feed(first).version == first.version
    assert cadence_words(topic(cadence="daily", zone="Europe/Berlin")) == (
        "gathered, daily at 08:00 Europe/Berlin"
    )


def test_channels_have_a_secret_or_a_token() -> None:
    hook = new_channel("ada", "webhook", " https://hooks.example/in ", "desk", now=NOW)
    mail = new_channel("ada", "email", "ada@news.example", "", now=NOW)
    assert hook.secrets[0].startswith("whsec_")
    assert (hook.address, hook.token, mail.secrets) == ("https://hooks.example/in", "", ())
    assert len(mail.token) == 43
    with pytest.raises(UserError, match="choose webhook or email"):
        new_channel("ada", "pigeon", "x", "", now=NOW)
    with pytest.raises(UserError, match="only webhooks are signed"):
        rotated(mail)


def test_two_secrets_sign_while_one_is_changed() -> None:
    hook = new_channel("ada", "webhook", "https://hooks.example/in", "", now=NOW)
    once = rotated(hook)
    twice = rotated(once)
    assert once.secrets[1:] == hook.secrets
    assert twice.secrets[1:] == once.secrets[:1]


def test_what_was_ended_can_begin_again() -> None:
    mail = new_channel("ada", "email", "ada@news.example", "", now=NOW)
    ended = ended_by_receiver(mail, NOW)
    assert "no more messages on 2026-11-29" in ended.disabled
    failing = msgspec.structs.replace(ended, failures=9, failing_since=NOW, retry_at=NOW)
    assert enabled(failing) == mail
