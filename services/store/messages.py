"""Messages: what waits for a channel, is taken by one process, and how it ended.

Writers come one after the other (``hold``), so a message is taken once and gathers nothing after.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from services.store import postgresql
from services.store.alert_tables import channels, message_alerts, messages
from services.store.alerting import (
    Again,
    AlertTopic,
    ChannelKind,
    Failed,
    Message,
    MessageState,
    SendEnd,
    Sent,
)
from services.store.gathering import HOUR, first_due, later_due
from services.store.rows import latest, upsert
from services.store.tables import Moment

_c = messages.c
_GATHERING = ~_c.closed
_COLUMNS = [messages.c[name] for name in Message.__struct_fields__]


class More(NamedTuple):
    """What a message gets."""

    alerts: int
    articles: int
    capped: bool = False
    """Whether the message waits for the cap; so do all alerts that it gets later."""


def hold(connection: Connection) -> None:
    """Let no other transaction change topics, alerts or messages until this one ends."""
    if connection.dialect.name == "postgresql":  # a writer of an SQLite file is alone as it is
        postgresql.hold_for_alerting(connection)


def gather(
    connection: Connection,
    topic: AlertTopic,
    channel: str,
    alert_ids: Collection[str],
    now: datetime,
) -> None:
    """Let alerts of a topic wait for a channel, with those that do already."""
    here = (_c.topic == topic.id, _c.channel == channel)
    there = connection.execute(select(_c.id).where(*here, _GATHERING)).scalar()
    held = False
    message_id = there or f"msg_{token_urlsafe(18)}"
    if there is None:
        recent = select(_c.due_at).where(*here, _c.closed, _c.due_at > now - HOUR)
        sent = list(connection.execute(recent.order_by(_c.due_at)).scalars())
        due, held = first_due(topic, now, sent)
        connection.execute(insert(messages).values(**_opened(message_id, topic, channel, now, due)))
    rows = [{"message": message_id, "alert": alert_id} for alert_id in alert_ids]
    upsert(connection, message_alerts, rows)
    _grow(connection, topic, message_id, More(len(rows), len(rows), held), now)


def grow(
    connection: Connection, topics: Mapping[str, AlertTopic], more: Mapping[str, int], now: datetime
) -> None:
    """Count further articles (alert to number) in the messages that still gather."""
    if not more:
        return
    rows = connection.execute(
        select(message_alerts.c.message, message_alerts.c.alert, _c.topic)
        .join(messages, _c.id == message_alerts.c.message)
        .where(message_alerts.c.alert.in_(sorted(more)), _GATHERING)
    ).all()
    for message_id, alert_id, topic in rows:
        if topic in topics:
            _grow(connection, topics[topic], message_id, More(0, more[alert_id]), now)


def of_alert(connection: Connection, alert_id: str) -> set[str]:
    """The channels that an alert went to, or waits for."""
    found = (
        select(_c.channel)
        .join(message_alerts, _c.id == message_alerts.c.message)
        .where(message_alerts.c.alert == alert_id)
    )
    return set(connection.execute(found).scalars())


def with_alerts(connection: Connection, wanted: Collection[str]) -> Mapping[str, list[Message]]:
    """See ``Trails.messages_with``."""
    columns = [column for column in _COLUMNS if column is not _c.body]
    of = message_alerts.c.alert
    rows = connection.execute(
        select(of.label("of"), *columns)
        .join(messages, _c.id == message_alerts.c.message)
        .where(of.in_(sorted(wanted)))
        .order_by(_c.opened_at, _c.id)
    )
    found: dict[str, list[Message]] = {each: [] for each in wanted}
    for row in rows.mappings():
        kept = dict(row)
        found[kept.pop("of")].append(Message(**kept))
    return found


def take(
    connection: Connection,
    now: datetime,
    until: datetime,
    most: int,
    kinds: Collection[ChannelKind],
) -> list[Message]:
    """The oldest due message of each channel that may be sent to; they gather nothing more."""
    hold(connection)
    out = select(_c.channel).where(_c.state == "open", _c.taken_until > now)
    due = connection.execute(
        select(*_COLUMNS)
        .join(channels, channels.c.id == _c.channel)
        .where(
            *may_be_sent(now),
            channels.c.kind.in_(kinds),
            _c.channel.not_in(out),
        )
        .order_by(_c.due_at, _c.id)
        .limit(64 * most)
    )
    first: dict[str, Message] = {}
    for row in due.mappings():
        first.setdefault(row["channel"], _message(row))
    taken = list(first.values())[:most]
    connection.execute(
        update(messages)
        .where(_c.id.in_([message.id for message in taken]))
        .values(taken_until=until, closed=True, attempts=_c.attempts + 1)
    )
    return taken


def may_be_sent(now: datetime) -> list[ColumnElement[bool]]:
    """Of a message and its channel: it is open and due, that is on, and neither waits for a try."""
    free = [or_(each.is_(None), each <= now) for each in (channels.c.retry_at, _c.retry_at)]
    return [_c.state == "open", _c.due_at <= now, channels.c.disabled == "", *free]


def freeze(connection: Connection, message_id: str, body: bytes) -> bytes:
    """See ``Alerting.freeze``; ``body`` also for a message that is gone."""
    before = connection.execute(select(_c.body).where(_c.id == message_id)).scalar()
    if before:
        return bytes(before)
    connection.execute(update(messages).where(_c.id == message_id).values(body=body))
    return body


def end(connection: Connection, message_id: str, ended: SendEnd, now: datetime) -> bool:
    """See ``Alerting.end``; False for a message that is gone."""
    hold(connection)
    this = _c.id == message_id
    channel = connection.execute(select(_c.channel).where(this)).scalar()
    if channel is None:
        return False
    there = channels.c.id == channel
    changes: dict[str, Any]
    match ended:
        case Sent():
            changes = {"state": "sent", "sent_at": now, "error": ""}
            well = {"failures": 0, "failing_since": None, "retry_at": None}
            connection.execute(update(channels).where(there).values(**well))
        case Again(at=at, error=error, alone=alone):
            changes = {"error": error, "retry_at": at if alone else None}
            failing = {
                "failing_since": func.coalesce(channels.c.failing_since, now),
                "failures": 0 if alone else channels.c.failures + 1,
                "retry_at": None if alone else at,
            }
            connection.execute(update(channels).where(there).values(**failing))
        case Failed(error=error, disable=disable):
            changes = {"state": "failed", "error": error}
            if disable:
                connection.execute(update(channels).where(there).values(disabled=disable))
    connection.execute(update(messages).where(this).values(taken_until=None, **changes))
    return True


def next_due(connection: Connection, kinds: Collection[ChannelKind]) -> datetime | None:
    """See ``Alerting.next_due``."""
    waits = (channels.c.retry_at, _c.retry_at, _c.taken_until)
    ready = latest(connection, _c.due_at, *(func.coalesce(each, _c.due_at) for each in waits))
    first = (
        select(func.min(ready, type_=Moment))
        .join(channels, channels.c.id == _c.channel)
        .where(_c.state == "open", channels.c.disabled == "", channels.c.kind.in_(kinds))
    )
    return connection.execute(first).scalar()


def of(
    connection: Connection,
    topic: str | None,
    channel: str | None,
    state: MessageState | None,
    limit: int,
) -> list[Message]:
    """The newest ones first, of a topic, a channel, a state, or all."""
    asked = ((_c.topic, topic), (_c.channel, channel), (_c.state, state))
    where = [column == value for column, value in asked if value is not None]
    wanted = select(*_COLUMNS).where(*where).order_by(_c.opened_at.desc(), _c.id).limit(limit)
    return [_message(row) for row in connection.execute(wanted).mappings()]


def replay(connection: Connection, message_ids: Collection[str], now: datetime) -> int:
    """See ``Alerting.replay``."""
    hold(connection)
    failed = (_c.id.in_(sorted(message_ids)), _c.state == "failed")
    again = {"state": "open", "due_at": now, "attempts": 0, "retry_at": None, "error": ""}
    return connection.execute(update(messages).where(*failed).values(**again)).rowcount


def drop(
    connection: Connection,
    *,
    topic: str | None = None,
    channel: str | None = None,
    but_to: Collection[str] = (),
) -> None:
    """Open messages of a topic or to a channel are not sent, but for those to some channels."""
    where: list[ColumnElement[bool]] = [_c.state == "open"]
    if topic is not None:
        where += [_c.topic == topic, _c.channel.not_in(sorted(but_to))]
    if channel is not None:
        where.append(_c.channel == channel)
    connection.execute(update(messages).where(*where).values(state="dropped", closed=True))


def put_off(connection: Connection, message_id: str, until: datetime) -> None:
    """A message that was taken is due later, as if nobody had tried it."""
    later = {"due_at": until, "taken_until": None, "attempts": _c.attempts - 1}
    connection.execute(update(messages).where(_c.id == message_id).values(**later))


def forget(connection: Connection, topic: str) -> None:
    """All messages of a topic that is removed."""
    theirs = select(_c.id).where(_c.topic == topic)
    connection.execute(delete(message_alerts).where(message_alerts.c.message.in_(theirs)))
    connection.execute(delete(messages).where(_c.topic == topic))


def _opened(
    message_id: str, topic: AlertTopic, channel: str, now: datetime, due: datetime
) -> dict[str, Any]:
    return {
        "id": message_id,
        "topic": topic.id,
        "channel": channel,
        "state": "open",
        "opened_at": now,
        "last_at": now,
        "due_at": due,
        "alerts": 0,
        "articles": 0,
        "held": 0,
        "attempts": 0,
        "body": b"",
        "closed": False,
        "error": "",
    }


def _grow(
    connection: Connection,
    topic: AlertTopic,
    message_id: str,
    more: More,
    now: datetime,
) -> None:
    row = connection.execute(select(*_COLUMNS).where(_c.id == message_id)).mappings().one()
    message = _message(row)
    articles = message.articles + more.articles
    connection.execute(
        update(messages)
        .where(_c.id == message_id)
        .values(
            alerts=message.alerts + more.alerts,
            held=message.held + (more.alerts if more.capped or message.held else 0),
            articles=articles,
            last_at=now,
            due_at=later_due(topic, message.opened_at, message.due_at, articles, now),
        )
    )


def _message(row: RowMapping) -> Message:
    return Message(**row)
