"""The JSON of alert topics and of what they found, for commands and the API alike."""

from datetime import datetime

import msgspec

from processors.records import Alert, Claim, Reason
from services.answers.shapes import Shape, ToldClaim, told_claim
from services.store.alerting import AlertTopic, Cadence, Channel, Message, Noted, When


class TopicRow(Shape, frozen=True, kw_only=True):
    """A topic without the secret of its feed."""

    id: str
    owner: str
    name: str
    query: str
    when: When
    percent: int
    copies: bool
    channels: tuple[str, ...]
    cadence: Cadence
    zone: str
    hour: int
    cap: int
    muted_until: datetime | None
    disabled: str
    """Why it is not looked at; empty: it is."""
    created_at: datetime
    version: int
    since: datetime
    """What was fetched before is none of this version's."""


class Topics(Shape, frozen=True, kw_only=True):
    """A page of topics, by owner and name."""

    total: int
    topics: tuple[TopicRow, ...]
    next: str


class ToldReason(Reason, frozen=True, kw_only=True):
    """A reason, its claim with the figure as pages show it."""

    claim: ToldClaim | None = None


class AlertRow(Alert, frozen=True, kw_only=True):
    """An alert with its place, and with how many articles told its story by now."""

    seq: int
    """Its place in the order of decisions, over all topics."""
    articles: int
    """How many articles told this story by now, the first included."""
    muted: bool
    """Whether it was noted without being sent."""
    reasons: tuple[ToldReason, ...] = ()
    claims: tuple[ToldClaim, ...] = ()
    before: tuple[ToldClaim, ...] = ()


class Alerts(Shape, frozen=True, kw_only=True):
    """A page of alerts."""

    alerts: tuple[AlertRow, ...]
    next: str


class MessageRow(Shape, frozen=True, kw_only=True):
    """A message without its body."""

    id: str
    topic: str
    channel: str
    state: str
    opened_at: datetime
    due_at: datetime
    alerts: int
    articles: int
    held: int
    attempts: int
    retry_at: datetime | None
    """It was refused and is not tried before; later ones to its channel do not wait for it."""
    sent_at: datetime | None
    error: str


class ChannelRow(Shape, frozen=True, kw_only=True):
    """A channel without its secrets."""

    id: str
    owner: str
    kind: str
    name: str
    address: str
    created_at: datetime
    disabled: str
    failing_since: datetime | None
    failures: int
    retry_at: datetime | None


def topic_row(topic: AlertTopic) -> TopicRow:
    return _taken(TopicRow, topic)


def channel_row(channel: Channel) -> ChannelRow:
    return _taken(ChannelRow, channel)


def message_row(message: Message) -> MessageRow:
    return _taken(MessageRow, message)


def alert_row(noted: Noted) -> AlertRow:
    alert = noted.alert
    fields = msgspec.structs.asdict(alert) | {
        "reasons": tuple(map(_reason, alert.reasons)),
        "claims": _told(alert.claims),
        "before": _told(alert.before),
    }
    return AlertRow(**fields, seq=noted.seq, articles=noted.articles, muted=noted.muted)


def _told(claims: tuple[Claim, ...]) -> tuple[ToldClaim, ...]:
    return tuple(map(told_claim, claims))


def _reason(reason: Reason) -> ToldReason:
    fields = msgspec.structs.asdict(reason)
    return ToldReason(**fields | {"claim": told_claim(reason.claim) if reason.claim else None})


def _taken[T: msgspec.Struct](kind: type[T], record: msgspec.Struct) -> T:
    """The fields of ``kind``, from a record that has them all."""
    return kind(**{name: getattr(record, name) for name in kind.__struct_fields__})
