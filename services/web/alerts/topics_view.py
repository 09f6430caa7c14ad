"""What the pages of topics show: pure functions from records to plain values."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from processors.query.errors import QueryError
from processors.query.explain import explain
from processors.query.syntax import parse_query
from services.alerts.addresses import feed_addresses
from services.alerts.channel_rules import shown_name
from services.alerts.topics import (
    CADENCE_WORDS,
    CADENCES,
    USUAL_PERCENT,
    WHEN_WORDS,
    WHENS,
    Wish,
)
from services.alerts.words import cadence_words, cap_words, message_words, news_words, state_words
from services.store.alerting import AlertTopic, Channel, Message
from services.web.body import Form
from services.web.moments import Moment, if_known, moment

MUTED_LOOKS_BACK = timedelta(days=30)


class Choice(msgspec.Struct, frozen=True):
    """One value of a field."""

    value: str
    label: str
    chosen: bool
    note: str = ""


class TopicForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a topic, as they were typed."""

    name: str
    query: str
    percent: str
    copies: bool
    zone: str
    hour: str
    cap: str
    whens: tuple[Choice, ...]
    cadences: tuple[Choice, ...]
    channels: tuple[Choice, ...]


class TopicLine(msgspec.Struct, frozen=True, kw_only=True):
    """A topic in the list."""

    id: str
    name: str
    owner: str
    query: str
    news: str
    cadence: str
    cap: str
    channels: str
    state: str
    disabled: bool
    last: Moment | None


class MessageLine(msgspec.Struct, frozen=True, kw_only=True):
    """A message to one channel."""

    id: str
    channel: str
    state: str
    failed: bool
    alerts: int
    articles: int
    held: int
    opened: Moment
    sent: Moment | None
    due: Moment | None
    error: str


class TopicView(msgspec.Struct, frozen=True, kw_only=True):
    """One topic."""

    line: TopicLine
    explained: str
    mute: bool
    until: Moment | None
    muted: int
    """Alerts of the last 30 days that were noted and not sent."""
    feeds: Mapping[str, str]
    made: Moment
    version: int
    since: Moment


def wish_of(form: Form) -> Wish:
    """What a form, or the address of one, asks for; what it has no field of is as usual."""
    return Wish(
        name=form.get("name"),
        query=form.get("q"),
        when=form.get("when"),
        percent=form.get("percent"),
        copies=form.get("copies") in ("1", "on"),
        channels=tuple(form.getlist("channel")),
        cadence=form.get("cadence"),
        zone=form.get("zone") or None,
        hour=form.get("hour"),
        cap=form.get("cap"),
    )


def wish_as_is(topic: AlertTopic) -> Wish:
    """The wish for a topic as it is, to begin an edit with."""
    usual = topic.percent == USUAL_PERCENT[topic.when]
    return Wish(
        name=topic.name,
        query=topic.query,
        when=topic.when,
        percent="" if usual else str(topic.percent),
        copies=topic.copies,
        channels=topic.channels,
        cadence=topic.cadence,
        zone=topic.zone,
        hour=str(topic.hour),
        cap=str(topic.cap),
    )


def topic_form(wish: Wish, channels: Sequence[Channel]) -> TopicForm:
    """``channels`` are those of the topic's owner."""
    when = wish.when if wish.when in WHENS else "any"
    cadence = wish.cadence if wish.cadence in CADENCES else "at-once"
    return TopicForm(
        name=wish.name or "",
        query=wish.query or "",
        percent=wish.percent or "",
        copies=bool(wish.copies),
        zone=wish.zone or "UTC",
        hour=wish.hour or "8",
        cap=wish.cap or "20",
        whens=tuple(Choice(each, WHEN_WORDS[each], each == when) for each in WHENS),
        cadences=tuple(Choice(each, CADENCE_WORDS[each], each == cadence) for each in CADENCES),
        channels=tuple(
            Choice(each.id, shown_name(each), each.id in (wish.channels or ()), each.disabled)
            for each in channels
        ),
    )


def topic_line(
    topic: AlertTopic, channels: Mapping[str, Channel], last: datetime | None, now: datetime
) -> TopicLine:
    return TopicLine(
        id=topic.id,
        name=topic.name,
        owner=topic.owner,
        query=topic.query,
        news=news_words(topic),
        cadence=cadence_words(topic),
        cap=cap_words(topic),
        channels=", ".join(
            shown_name(channels[each]) for each in topic.channels if each in channels
        ),
        state=state_words(topic, now),
        disabled=bool(topic.disabled),
        last=if_known(last, now),
    )


def topic_view(
    topic: AlertTopic, line: TopicLine, muted: int, base: str, now: datetime
) -> TopicView:
    return TopicView(
        line=line,
        explained=explained(topic.query, now),
        mute=topic.is_mute(now),
        until=if_known(topic.muted_until, now),
        muted=muted,
        feeds=feed_addresses(base, topic),
        made=moment(topic.created_at, now),
        version=topic.version,
        since=moment(topic.since, now),
    )


def explained(query: str, now: datetime) -> str:
    """The query in words; empty when it cannot be read, which the topic's state says."""
    try:
        return explain(parse_query(query, now))
    except QueryError:
        return ""


def message_line(message: Message, channels: Mapping[str, Channel], now: datetime) -> MessageLine:
    channel = channels.get(message.channel)
    return MessageLine(
        id=message.id,
        channel=shown_name(channel) if channel else "a channel that was removed",
        state=message_words(message, now),
        failed=message.state == "failed",
        alerts=message.alerts,
        articles=message.articles,
        held=message.held,
        opened=moment(message.opened_at, now),
        sent=if_known(message.sent_at, now),
        due=moment(message.retry_at or message.due_at, now) if message.state == "open" else None,
        error=message.error,
    )
