"""The part of the port ``Store`` about alerts: topics, what met them, and what is sent of it.

An alert is decided once and is a row; a message is what goes to one channel, and gathers the alerts
of one topic that wait for it. Deliveries are made from messages alone, so that what was decided is
sent although every process dies, and what was sent is the same bytes each time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Annotated, Literal, Protocol, get_args

import msgspec

from processors.records import Alert, Article
from services.store.people import Silent

Cadence = Literal["at-once", "hourly", "daily"]
When = Literal["any", "first", "changed", "second-origin", "disagreement", "spike"]
"""What must be new about a match; ``any``: that it is one.

first          no other story made a claim of this kind about this subject (and object)
changed        another figure than the latest known one, by ``percent`` or more
second-origin  the story is the second one, of another source, that states this figure
disagreement   its figure does not meet those of another story
spike          the topic's stories of a day are ``percent`` of the mean of its 14 days before, and
               5 at least; told once a day
"""
ChannelKind = Literal["webhook", "email"]
CHANNEL_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)


class AlertTopic(Silent, frozen=True, kw_only=True):
    """A search that somebody wants to be told of."""

    id: str
    owner: str
    name: str
    """One line; an owner has no two of one name."""
    query: str
    when: When = "any"
    percent: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 10
    copies: bool = False
    """Whether each copy of a story is an alert of its own."""
    channels: tuple[str, ...] = ()
    """Ids of channels of the owner; the page's inbox, the feed and the stream need none."""
    cadence: Cadence = "at-once"
    zone: str = "UTC"
    """IANA name of the zone of ``hour`` and of dates in messages."""
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 8
    """When a daily message goes out."""
    cap: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 20
    """Most messages an hour to each channel; what is held back goes with the next one."""
    muted_until: datetime | None = None
    """Until then alerts are noted, and not sent."""
    feed_token: str = ""
    """Secret part of the address of its private feed; another one ends the old address."""
    disabled: str = ""
    """Why it is not looked at, such as a query that this version cannot read; empty: it is."""
    created_at: datetime
    version: int = 1
    """Goes up when the query or what must be new about a match changes."""
    since: datetime
    """What was fetched before is none of this version's."""

    def is_mute(self, now: datetime) -> bool:
        return self.muted_until is not None and now < self.muted_until


class TopicChanges(msgspec.Struct, frozen=True):
    """What happened to topics after a turn."""

    turn: int
    changed: tuple[AlertTopic, ...] = ()
    removed: tuple[str, ...] = ()


class Channel(Silent, frozen=True, kw_only=True):
    """Where messages of an owner go."""

    id: str
    owner: str
    kind: ChannelKind
    name: str = ""
    address: str
    """The URL of a webhook, or an e-mail address."""
    secrets: tuple[str, ...] = ()
    """Of a webhook: ``whsec_`` and base64; the first one is the newest, two while it is changed."""
    token: str = ""
    """Secret part of the address by which an e-mail's receiver ends it."""
    created_at: datetime
    disabled: str = ""
    """Why nothing is sent any more, for the owner; empty: it is."""
    failing_since: datetime | None = None
    """When a try failed after which nothing was delivered."""
    failures: int = 0
    """How often, one after the other, its receiver was away or asked for time."""
    retry_at: datetime | None = None
    """Nothing is sent to it before; other channels do not wait for it."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An article on its way to the topics that it met."""

    article: Article
    """With its story."""
    event_id: str
    matches: tuple[Alert, ...] = ()
    """As they would be if nothing were known before: one for each topic, without ``news``."""


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that was decided."""

    seq: int
    """Its place in the order of decisions, over all topics."""
    alert: Alert
    articles: int = 1
    """How many articles told this story by now, the first included."""
    muted: bool = False


MessageState = Literal["open", "sent", "failed", "dropped"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to one channel at one time; see ``Alerting.take``."""

    id: str
    """``msg_`` and random characters: the ``webhook-id``, and part of an e-mail's Message-ID."""
    topic: str
    channel: str
    state: MessageState
    opened_at: datetime
    last_at: datetime
    """When its last alert, or the last copy of one of its stories, came."""
    due_at: datetime
    alerts: int
    articles: int
    """Articles of its alerts, copies included."""
    held: int = 0
    """How many of its alerts waited because the topic had sent its cap."""
    attempts: int = 0
    retry_at: datetime | None = None
    """It was refused and is not tried before; later ones to its channel do not wait for it."""
    body: bytes = b""
    """What is sent, the same at every try; empty until the first."""
    sent_at: datetime | None = None
    error: str = ""
    """What came of the last try, for the owner."""


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """A message that one process has taken to send, with all that it needs."""

    message: Message
    topic: AlertTopic
    channel: Channel
    alerts: tuple[Noted, ...]
    """The first ones, at most ``MOST_SHOWN``; ``message.alerts`` counts all."""


MOST_SHOWN = 50


class Sent(msgspec.Struct, frozen=True):
    """It was delivered."""


class Again(msgspec.Struct, frozen=True):
    """It was not, and is tried again at this time; the channel gets nothing before."""

    at: datetime
    error: str
    alone: bool = False
    """Whether the receiver is there and refused this one: others to the channel go out before."""


class Failed(msgspec.Struct, frozen=True):
    """It never will be; ``disable`` says why the channel gets nothing any more, if so."""

    error: str
    disable: str = ""


SendEnd = Sent | Again | Failed


class Alerting(Protocol):
    """Topics, alerts and messages. Each method is one transaction."""

    # Topics

    def add_topic(self, topic: AlertTopic) -> bool:
        """False, and nothing changed, when the owner has one of this name or the id is taken."""

    def change_topic(self, topic: AlertTopic) -> bool:
        """Replace by id. False when there is none, or another of the owner's has this name.

        ``version`` and ``since`` are as the caller says. Open messages to channels that the topic
        has no more are dropped.
        """

    def remove_topic(self, topic_id: str) -> bool:
        """False when there is no such topic.

        Its open messages are dropped, those that were sent before and its alerts are forgotten.
        """

    def topic(self, topic_id: str) -> AlertTopic | None: ...

    def topics(self, owner: str | None = None) -> list[AlertTopic]:
        """Those of one owner, or all, by owner and name."""

    def topic_changes(self, turn: int = 0) -> TopicChanges:
        """What was added, changed and removed after the ``turn`` of an earlier answer; 0: all."""

    # Channels

    def add_channel(self, channel: Channel) -> bool:
        """False when the id is taken."""

    def change_channel(self, channel: Channel) -> bool:
        """Replace by id; False when there is none."""

    def remove_channel(self, channel_id: str) -> bool:
        """With its open messages, and from the topics that had it. False when there is none."""

    def channel(self, channel_id: str) -> Channel | None: ...

    def channels(self, owner: str | None = None) -> list[Channel]:
        """Those of one owner, or all, oldest first."""

    # Decisions

    def decide(self, batch: Sequence[Candidate], now: datetime) -> list[tuple[Noted, ...]]:
        """What each article is told to whom: the alerts that its event made, earlier ones included.

        One transaction, one at a time however many processes decide. The same event again adds
        nothing and answers the same. A topic has one alert a story (one an article, if it wants
        copies), whatever its version; further copies are counted with it. An article that is edited
        so that a claim of an alert changes or goes makes a correction of that alert, once for each
        text, for the same channels. Matches of what was fetched before the topic's ``since``, of
        another version of the topic than there is now, and of topics that are gone, are none.
        """

    # What was decided

    def alerts(
        self,
        *,
        owner: str | None = None,
        topic: str | None = None,
        before: int | None = None,
        after: int | None = None,
        limit: int = 50,
    ) -> list[Noted]:
        """Of one owner or topic, newest first; with ``after`` those after that place, oldest first.

        ``before`` and ``after`` are places (``Noted.seq``), neither included.
        """

    def alert(self, alert_id: str) -> Noted | None: ...

    def muted_since(self, topic_id: str, since: datetime) -> int:
        """How many alerts of a topic were not sent because it was mute, from then on."""

    # Messages

    def take(
        self,
        now: datetime,
        until: datetime,
        most: int = 1,
        kinds: Collection[ChannelKind] = CHANNEL_KINDS,
    ) -> list[Parcel]:
        """Messages that are due, of different channels, for this process alone until ``until``.

        Those to channels of other ``kinds`` wait for a process that can send them.

        Of a channel one is out at a time, the oldest first but for those that wait for their own
        ``retry_at``, none while it is disabled or before the channel's. A taken message gathers
        nothing more. Whoever took it and died has had it till ``until``; then it is taken again.
        """

    def freeze(self, message_id: str, body: bytes) -> bytes:
        """Note what is sent, before it is; the body noted by an earlier try, if there is one."""

    def end(self, message_id: str, end: SendEnd, now: datetime) -> None:
        """What came of a try; a channel's failures are counted from here.

        What was refused alone waits alone, and shows that its receiver is there.
        """

    def next_due(self, kinds: Collection[ChannelKind] = CHANNEL_KINDS) -> datetime | None:
        """When ``take`` will have something of these kinds next, as far as is known now."""

    def messages(
        self,
        *,
        topic: str | None = None,
        channel: str | None = None,
        state: MessageState | None = None,
        limit: int = 50,
    ) -> list[Message]:
        """The newest ones first."""

    def replay(self, message_ids: Collection[str], now: datetime) -> int:
        """Make messages that failed due again, with their ids and bodies; how many."""
