"""A test of a channel: one message that says what it is, carried once and noted nowhere."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import BoundedSemaphore

from processors.records import Alert, Reason
from services.accounts.tokens import new_id
from services.alerts.carrier import Carrier
from services.alerts.links import Links
from services.store.alerting import AlertTopic, Channel, Message, Noted, Parcel

AT_ONCE = 2
"""Each may hold a thread of the pages for as long as a receiver is silent."""
TITLE = "A test message of Beatwire"
NO_CARRIER = "No mail server is set here: whoever runs this can set BEATWIRE_SMTP."
BUSY = "Other tests are under way; try again in a moment."
_room = BoundedSemaphore(AT_ONCE)


def send_trial(
    open_carriers: Callable[[asyncio.Event], Sequence[Carrier]], channel: Channel, links: Links
) -> str:
    """Carry a test message to a channel; what went wrong, empty when it was taken.

    Waits for it, in an event loop of its own.
    """
    if not _room.acquire(blocking=False):
        return BUSY
    try:
        return asyncio.run(_carried(open_carriers, channel, links, datetime.now(UTC)))
    finally:
        _room.release()


async def _carried(
    open_carriers: Callable[[asyncio.Event], Sequence[Carrier]],
    channel: Channel,
    links: Links,
    now: datetime,
) -> str:
    carriers = open_carriers(asyncio.Event())
    try:
        for carrier in carriers:
            if carrier.kind == channel.kind:
                parcel = trial_parcel(channel, links, now)
                return (await carrier.carry(parcel, carrier.write(parcel))).error
        return NO_CARRIER
    finally:
        for carrier in carriers:
            await carrier.close()


def trial_parcel(channel: Channel, links: Links, now: datetime) -> Parcel:
    """What a channel gets when somebody wants to see whether it works."""
    topic = AlertTopic(
        id="test", owner=channel.owner, name="Test", query="", created_at=now, since=now
    )
    alert = Alert(
        id="test",
        kind="match",
        topic=topic.id,
        topic_name=topic.name,
        topic_version=1,
        owner=channel.owner,
        query="",
        at=now,
        event_id="test",
        article_id="test",
        url=links.channels,
        title=TITLE,
        source="beatwire",
        site_name="Beatwire",
        fetched_at=now,
        content_hash="",
        story="test",
        reasons=(Reason(clause="", says="was sent by hand", field="everything"),),
    )
    message = Message(
        id=f"msg_test{new_id()}",
        topic=topic.id,
        channel=channel.id,
        state="open",
        opened_at=now,
        last_at=now,
        due_at=now,
        alerts=1,
        articles=1,
    )
    noted = Noted(seq=0, alert=alert)
    return Parcel(message=message, topic=topic, channel=channel, alerts=(noted,))
