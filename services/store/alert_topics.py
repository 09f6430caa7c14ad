"""Alert topics; what changes is numbered, so that every worker can follow."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from services.store import messages
from services.store.alert_tables import alert_articles, alert_topics, alerts, topic_stories
from services.store.alerting import AlertTopic, TopicChanges
from services.store.rows import insert_new

_decode = msgspec.json.Decoder(AlertTopic).decode
_THERE = ~alert_topics.c.removed


def add(connection: Connection, topic: AlertTopic) -> bool:
    return insert_new(connection, alert_topics, _row(connection, topic))


def change(connection: Connection, topic: AlertTopic) -> bool:
    c = alert_topics.c
    namesake = select(c.id).where(
        c.owner == topic.owner, c.name == topic.name, c.id != topic.id, _THERE
    )
    if connection.execute(namesake).first():
        return False
    same = (c.id == topic.id, _THERE)
    changed = connection.execute(
        update(alert_topics).where(*same).values(**_row(connection, topic))
    )
    if changed.rowcount:
        messages.drop(connection, topic=topic.id, but_to=topic.channels)
    return changed.rowcount > 0


def remove(connection: Connection, topic_id: str) -> bool:
    c = alert_topics.c
    gone = connection.execute(
        update(alert_topics)
        .where(c.id == topic_id, _THERE)
        .values(removed=True, turn=_next_turn(connection), body=b"")
    )
    if not gone.rowcount:
        return False
    messages.forget(connection, topic_id)
    for table in (alert_articles, topic_stories, alerts):
        connection.execute(delete(table).where(table.c.topic == topic_id))
    return True


def find(connection: Connection, topic_id: str) -> AlertTopic | None:
    found = _all(connection, alert_topics.c.id == topic_id)
    return found[0] if found else None


def every(connection: Connection, owner: str | None) -> list[AlertTopic]:
    return _all(connection, *([] if owner is None else [alert_topics.c.owner == owner]))


def named(connection: Connection, topic_ids: set[str]) -> dict[str, AlertTopic]:
    """Those that there are."""
    found = _all(connection, alert_topics.c.id.in_(sorted(topic_ids))) if topic_ids else []
    return {topic.id: topic for topic in found}


def changes(connection: Connection, since: int) -> TopicChanges:
    c = alert_topics.c
    turn = connection.execute(select(func.max(c.turn))).scalar() or 0
    if turn == since:
        return TopicChanges(turn)
    rows = connection.execute(
        select(c.id, c.removed, c.body).where(c.turn > since).order_by(c.turn)
    ).all()
    return TopicChanges(
        turn,
        tuple(_decode(row.body) for row in rows if not row.removed),
        tuple(row.id for row in rows if row.removed),
    )


def without_channel(connection: Connection, channel_id: str, owner: str) -> None:
    """The owner's topics, from now on without this channel."""
    for topic in every(connection, owner):
        if channel_id in topic.channels:
            kept = tuple(each for each in topic.channels if each != channel_id)
            change(connection, msgspec.structs.replace(topic, channels=kept))


def remove_of(connection: Connection, owner: str) -> None:
    """All topics of somebody who is no more."""
    for topic in every(connection, owner):
        remove(connection, topic.id)


def _all(connection: Connection, *where: ColumnElement[bool]) -> list[AlertTopic]:
    c = alert_topics.c
    rows = connection.execute(select(c.body).where(_THERE, *where).order_by(c.owner, c.name))
    return [_decode(body) for body in rows.scalars()]


def _row(connection: Connection, topic: AlertTopic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "owner": topic.owner,
        "name": topic.name,
        "turn": _next_turn(connection),
        "removed": False,
        "body": msgspec.json.encode(topic),
    }


def _next_turn(connection: Connection) -> int:
    """Writers come one after the other, so whoever looks on from a turn misses none."""
    messages.hold(connection)
    return 1 + (connection.execute(select(func.max(alert_topics.c.turn))).scalar() or 0)
