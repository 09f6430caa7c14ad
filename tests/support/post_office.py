"""A sender with a store and a clock of the test's own: days of tries in a moment."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network

from services.alerts.carrier import Carrier
from services.alerts.links import Links
from services.alerts.reaching import GuardedNetwork
from services.alerts.sending import Sender
from services.alerts.webhook import WebhookCarrier
from services.store.alerting import Channel, Message, Noted
from tests.support.alert_store import AlertStore
from tests.support.alerting import alert_topic, message, noted
from tests.support.articles import at

LINKS = Links("https://news.example")
LOOPBACK = (ip_network("127.0.0.1/32"),)


class PostOffice:
    """Channels, what is due to them, and the time."""

    def __init__(self, *channels: Channel, store: AlertStore | None = None) -> None:
        self.store = store or AlertStore()
        self.now = at(1)
        for channel in channels:
            self.store.add_channel(channel)
        topic = alert_topic(channels=tuple(channel.id for channel in channels))
        self.store.add_topic(topic)

    def post(self, id: str = "msg_1", channel: str = "c1", *alerts: Noted) -> Message:
        """A message that is due now."""
        due = message(id, channel=channel, opened_at=self.now, due_at=self.now)
        return self.store.open_message(due, *(alerts or (noted(),)))

    def work(self, carriers: Callable[[asyncio.Event], list[Carrier]]) -> None:
        """Send all that is due now."""

        async def drain() -> None:
            stop = asyncio.Event()
            sender = Sender(
                self.store,
                carriers(stop),
                now=lambda: self.now,
                chance=lambda: 0.0,
                soon=timedelta(),
            )
            await sender.run(stop, drained=lambda: True)

        asyncio.run(drain())

    def work_to_the_end(self, carriers: Callable[[asyncio.Event], list[Carrier]]) -> list[datetime]:
        """Send, and let the time pass to each next try, until none is left; when tries were."""
        times = []
        while due := self.store.next_due():
            self.now = max(self.now, due)
            times.append(self.now)
            self.work(carriers)
        return times

    def webhooks(
        self, *, seconds: float = 1.0, network: GuardedNetwork | None = None
    ) -> Callable[[asyncio.Event], list[Carrier]]:
        """Carriers that may go to this machine."""

        def make(stop: asyncio.Event) -> list[Carrier]:
            there = network or GuardedNetwork(LOOPBACK, {"hooks.example": "127.0.0.1"})
            return [
                WebhookCarrier(
                    *(LINKS, there, LOOPBACK),
                    stopping=stop,
                    now=lambda: self.now,
                    seconds=seconds,
                )
            ]

        return make
