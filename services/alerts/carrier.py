"""The port of a channel's kind: what writes a message for it, and what carries it there."""

from typing import Protocol

from services.alerts.schedule import Tried
from services.store.alerting import ChannelKind, Parcel


class Carrier(Protocol):
    """Sends to all channels of one kind; used by one event loop."""

    kind: ChannelKind
    most: int
    """How many may be on their way at once."""

    def write(self, parcel: Parcel) -> bytes:
        """The bytes of a message; asked once, since every try sends those of the first."""

    async def carry(self, parcel: Parcel, body: bytes) -> Tried:
        """Try once, for a bounded time, whatever the other side does; raises nothing for it."""

    async def close(self) -> None: ...
