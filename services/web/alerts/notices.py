"""What owners must know of their channels, told where they look: one is off, or missed some."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from services.alerts.channel_rules import shown_name
from services.store import Store
from services.store.alerting import Channel
from services.words import counted

SHOWN_FOR = timedelta(days=7)
"""After a message was due: its tries take three days, so that it is told for four."""
MOST = 50


class Notice(msgspec.Struct, frozen=True):
    """One channel, and where it is mended."""

    title: str
    says: str
    address: str
    act: str


def notices(
    store: Store, channels: Iterable[Channel], now: datetime, topic: str | None = None
) -> Iterator[Notice]:
    """Of those channels; of the messages of one topic alone, if it is given."""
    for channel in channels:
        name = shown_name(channel)
        if why := channel.disabled:
            yield Notice(
                f"{name} is switched off",
                f"{why[0].upper()}{why[1:]}. What is found meanwhile waits.",
                "/channels",
                "Mend it, and send again",
            )
            continue
        failed = store.messages(topic=topic, channel=channel.id, state="failed", limit=MOST)
        missed = [each for each in failed if each.due_at > now - SHOWN_FOR]
        if missed:
            yield Notice(
                f"{name} did not get {counted(len(missed), 'message')}",
                f"Given up: {missed[0].error}. Others are sent.",
                f"/topics/{missed[0].topic}#deliveries",
                "Look, or send again",
            )
