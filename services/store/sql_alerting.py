"""The part of ``SqlStore`` about alerts."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.store import alert_topics, channels, decisions, messages, tallying
from services.store.alerting import (
    CHANNEL_KINDS,
    MOST_SHOWN,
    AlertTopic,
    Candidate,
    Channel,
    ChannelKind,
    Failed,
    Message,
    MessageState,
    Noted,
    Parcel,
    SendEnd,
    Sent,
    TopicChanges,
)
from services.store.engine import reading
from services.store.sql_people import SqlPeople


class SqlAlerting(SqlPeople):
    """See ``Alerting``. Each method is one transaction; threads may share an object."""

    def add_topic(self, topic: AlertTopic) -> bool:
        return self._write(lambda connection: alert_topics.add(connection, topic))

    def change_topic(self, topic: AlertTopic) -> bool:
        return self._write(lambda connection: alert_topics.change(connection, topic))

    def remove_topic(self, topic_id: str) -> bool:
        return self._write(lambda connection: alert_topics.remove(connection, topic_id))

    def topic(self, topic_id: str) -> AlertTopic | None:
        with reading(self._engine) as connection:
            return alert_topics.find(connection, topic_id)

    def topics(self, owner: str | None = None) -> list[AlertTopic]:
        with reading(self._engine) as connection:
            return alert_topics.every(connection, owner)

    def topic_changes(self, turn: int = 0) -> TopicChanges:
        with reading(self._engine) as connection:
            return alert_topics.changes(connection, turn)

    def add_channel(self, channel: Channel) -> bool:
        return self._write(lambda connection: channels.add(connection, channel))

    def change_channel(self, channel: Channel) -> bool:
        return self._write(lambda connection: channels.change(connection, channel))

    def remove_channel(self, channel_id: str) -> bool:
        return self._write(lambda connection: channels.remove(connection, channel_id))

    def channel(self, channel_id: str) -> Channel | None:
        with reading(self._engine) as connection:
            return channels.find(connection, channel_id)

    def channels(self, owner: str | None = None) -> list[Channel]:
        with reading(self._engine) as connection:
            return channels.every(connection, owner)

    def decide(self, batch: Sequence[Candidate], now: datetime) -> list[tuple[Noted, ...]]:
        return self._write(lambda connection: decisions.decide(connection, batch, now))

    def alerts(
        self,
        *,
        owner: str | None = None,
        topic: str | None = None,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[Noted]:
        with reading(self._engine) as connection:
            return decisions.listed(
                connection, owner=owner, topic=topic, before=before, after=after, limit=limit
            )

    def alert(self, alert_id: str) -> Noted | None:
        with reading(self._engine) as connection:
            return decisions.find(connection, alert_id)

    def muted_since(self, topic_id: str, since: datetime) -> int:
        with reading(self._engine) as connection:
            return decisions.muted_since(connection, topic_id, since)

    def take(
        self,
        now: datetime,
        until: datetime,
        most: int = 1,
        kinds: Collection[ChannelKind] = CHANNEL_KINDS,
    ) -> list[Parcel]:
        return self._write(
            lambda connection: [
                parcel
                for message in messages.take(connection, now, until, most, kinds)
                if (parcel := _parcel(connection, message, now))
            ]
        )

    def freeze(self, message_id: str, body: bytes) -> bytes:
        return self._write(lambda connection: messages.freeze(connection, message_id, body))

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        def note(connection: Connection) -> None:
            if messages.end(connection, message_id, end, now):
                tallying.count(connection, [tallying.Kind("deliver", _outcome(end))], now)

        self._write(note)

    def next_due(self, kinds: Collection[ChannelKind] = CHANNEL_KINDS) -> datetime | None:
        with reading(self._engine) as connection:
            return messages.next_due(connection, kinds)

    def messages(
        self,
        *,
        topic: str | None = None,
        channel: str | None = None,
        state: MessageState | None = None,
        limit: int = 50,
    ) -> list[Message]:
        with reading(self._engine) as connection:
            return messages.of(connection, topic, channel, state, limit)

    def replay(self, message_ids: Collection[str], now: datetime) -> int:
        return self._write(lambda connection: messages.replay(connection, message_ids, now))


MUTE_LOOK = timedelta(minutes=1)
"""Whether a topic is still mute is looked at so often for a message that waits for its end."""


def _outcome(end: SendEnd) -> str:
    match end:
        case Failed(disable=disable):
            return "disabled" if disable else "failed"
        case _:
            return "sent" if isinstance(end, Sent) else "again"


def _parcel(connection: Connection, message: Message, now: datetime) -> Parcel | None:
    """What was taken, with all that is needed to send it; None when it is not to be sent."""
    topic = alert_topics.find(connection, message.topic)
    channel = channels.find(connection, message.channel)
    if topic is None or channel is None:
        return None
    if topic.is_mute(now):
        # What was found before is sent once the topic is mute no more.
        messages.put_off(connection, message.id, now + MUTE_LOOK)
        return None
    shown = tuple(decisions.of_message(connection, message.id, MOST_SHOWN))
    return Parcel(message=message, topic=topic, channel=channel, alerts=shown)
