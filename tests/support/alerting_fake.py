"""The part of the port ``Store`` about alerts, in memory; for tests of what stands around it.

``open_message`` does what decisions would have done. It keeps the promises that its callers lean
on, and is no measure of what the real store does: that is ``tests/contracts``.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from services.store.alerting import (
    CHANNEL_KINDS,
    MOST_SHOWN,
    Again,
    AlertTopic,
    Candidate,
    Channel,
    ChannelKind,
    Failed,
    Message,
    Noted,
    Parcel,
    SendEnd,
    Sent,
    TopicChanges,
)


class FakeTopics:
    """Topics and channels."""

    def __init__(self) -> None:
        self._topics: dict[str, AlertTopic] = {}
        self._turns: dict[str, int] = {}
        self._channels: dict[str, Channel] = {}
        self._messages: dict[str, Message] = {}

    def add_topic(self, topic: AlertTopic) -> bool:
        if topic.id in self._turns or self._named_as(topic):
            return False
        self._put(topic)
        return True

    def change_topic(self, topic: AlertTopic) -> bool:
        if topic.id not in self._topics or self._named_as(topic):
            return False
        self._put(topic)
        self._drop(lambda m: m.topic == topic.id and m.channel not in topic.channels)
        return True

    def remove_topic(self, topic_id: str) -> bool:
        if self._topics.pop(topic_id, None) is None:
            return False
        self._turns[topic_id] = max(self._turns.values()) + 1
        self._messages = {i: m for i, m in self._messages.items() if m.topic != topic_id}
        return True

    def topic(self, topic_id: str) -> AlertTopic | None:
        return self._topics.get(topic_id)

    def topics(self, owner: str | None = None) -> list[AlertTopic]:
        found = [each for each in self._topics.values() if owner in (None, each.owner)]
        return sorted(found, key=lambda each: (each.owner, each.name))

    def topic_changes(self, turn: int = 0) -> TopicChanges:
        later = [topic_id for topic_id, at in self._turns.items() if at > turn]
        return TopicChanges(
            max(self._turns.values(), default=0),
            tuple(self._topics[each] for each in later if each in self._topics),
            tuple(each for each in later if each not in self._topics),
        )

    def add_channel(self, channel: Channel) -> bool:
        return self._channels.setdefault(channel.id, channel) is channel

    def change_channel(self, channel: Channel) -> bool:
        if channel.id not in self._channels:
            return False
        self._channels[channel.id] = channel
        return True

    def remove_channel(self, channel_id: str) -> bool:
        if self._channels.pop(channel_id, None) is None:
            return False
        self._drop(lambda message: message.channel == channel_id)
        for topic in self._topics.values():
            if channel_id in topic.channels:
                left = tuple(each for each in topic.channels if each != channel_id)
                self._put(replace(topic, channels=left))
        return True

    def channel(self, channel_id: str) -> Channel | None:
        return self._channels.get(channel_id)

    def channels(self, owner: str | None = None) -> list[Channel]:
        found = [each for each in self._channels.values() if owner in (None, each.owner)]
        return sorted(found, key=lambda each: (each.created_at, each.id))

    def _named_as(self, topic: AlertTopic) -> bool:
        return any(
            (each.owner, each.name) == (topic.owner, topic.name) and each.id != topic.id
            for each in self._topics.values()
        )

    def _put(self, topic: AlertTopic) -> None:
        self._topics[topic.id] = topic
        self._turns[topic.id] = max(self._turns.values(), default=0) + 1

    def _drop(self, which: Callable[[Message], bool]) -> None:
        for message in list(self._messages.values()):
            if message.state == "open" and which(message):
                self._messages[message.id] = replace(message, state="dropped")


class FakeAlerting(FakeTopics):
    """See ``Alerting``."""

    def __init__(self) -> None:
        super().__init__()
        self._alerts: dict[str, Noted] = {}
        self._of: dict[str, tuple[Noted, ...]] = {}
        self._taken: dict[str, datetime] = {}

    def open_message(self, message: Message, *alerts: Noted) -> Message:
        """What decisions make: a message with the alerts that it tells of."""
        self._messages[message.id] = message
        self._of[message.id] = alerts
        self._alerts |= {each.alert.id: each for each in alerts}
        return message

    def decide(self, batch: Sequence[Candidate], now: datetime) -> list[tuple[Noted, ...]]:
        raise AssertionError("the fake decides nothing; see open_message")

    def alerts(
        self,
        *,
        owner: str | None = None,
        topic: str | None = None,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[Noted]:
        found = [
            each
            for each in self._alerts.values()
            if owner in (None, each.alert.owner)
            and topic in (None, each.alert.topic)
            and (before is None or each.seq < before)
            and (after is None or each.seq > after)
        ]
        return sorted(found, key=lambda each: each.seq, reverse=after is None)[:limit]

    def alert(self, alert_id: str) -> Noted | None:
        return self._alerts.get(alert_id)

    def muted_since(self, topic_id: str, since: datetime) -> int:
        return sum(
            each.muted and each.alert.topic == topic_id and each.alert.at >= since
            for each in self._alerts.values()
        )

    def take(
        self,
        now: datetime,
        until: datetime,
        most: int = 1,
        kinds: Collection[ChannelKind] = CHANNEL_KINDS,
    ) -> list[Parcel]:
        parcels: list[Parcel] = []
        held = {self._messages[each].channel for each, end in self._taken.items() if end > now}
        for message in self._waiting(kinds):
            channel = self._channels[message.channel]
            late = message.due_at <= now and (channel.retry_at or now) <= now
            if len(parcels) < most and channel.id not in held and late:
                held.add(channel.id)
                self._taken[message.id] = until
                alerts = self._of[message.id][:MOST_SHOWN]
                topic = self._topics[message.topic]
                tried = replace(message, attempts=message.attempts + 1)
                self._messages[message.id] = tried
                parcels.append(Parcel(message=message, topic=topic, channel=channel, alerts=alerts))
        return parcels

    def freeze(self, message_id: str, body: bytes) -> bytes:
        message = self._messages[message_id]
        if not message.body:
            self._messages[message_id] = message = replace(message, body=body)
        return message.body

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        self._taken.pop(message_id, None)
        message = self._messages[message_id]
        channel = self._channels[message.channel]
        failing: dict[str, Any] = {
            "failing_since": channel.failing_since or now,
            "failures": channel.failures + 1,
        }
        match end:
            case Sent():
                message = replace(message, state="sent", sent_at=now, error="")
                channel = replace(channel, failing_since=None, failures=0, retry_at=None)
            case Again(at, error):
                message = replace(message, error=error)
                channel = replace(channel, retry_at=at, **failing)
            case Failed(error, disable):
                message = replace(message, state="failed", error=error)
                channel = replace(channel, retry_at=None, disabled=disable, **failing)
        self._messages[message_id] = message
        self._channels[channel.id] = channel

    def next_due(self, kinds: Collection[ChannelKind] = CHANNEL_KINDS) -> datetime | None:
        due = (
            max(
                each.due_at,
                self._channels[each.channel].retry_at or each.due_at,
                self._taken.get(each.id, each.due_at),
            )
            for each in self._waiting(kinds)
        )
        return min(due, default=None)

    def messages(
        self, *, topic: str | None = None, channel: str | None = None, limit: int = 50
    ) -> list[Message]:
        found = [
            each
            for each in self._messages.values()
            if topic in (None, each.topic) and channel in (None, each.channel)
        ]
        return sorted(found, key=lambda each: each.opened_at, reverse=True)[:limit]

    def replay(self, message_ids: Collection[str], now: datetime) -> int:
        again = [each for each in message_ids if self._messages[each].state == "failed"]
        for each in again:
            renewed = replace(self._messages[each], state="open", due_at=now, attempts=0)
            self._messages[each] = renewed
        return len(again)

    def _waiting(self, kinds: Collection[ChannelKind]) -> list[Message]:
        """Open messages to channels that can get some, the oldest first."""
        found = [
            each
            for each in self._messages.values()
            if each.state == "open"
            and (channel := self._channels.get(each.channel))
            and not channel.disabled
            and channel.kind in kinds
        ]
        return sorted(found, key=lambda each: (each.due_at, each.opened_at))
