"""Events as rows of the log: what is compressed, where a row lies."""

import zlib
from typing import NamedTuple

from services.bus import Event
from services.bus.events import check, from_micros, to_micros
from services.topics import Topic

PACKED_FROM = 1024
"""Data of more bytes than this is stored compressed, when that makes it smaller."""

SHIFT = 40
"""An event lies at ``stream << SHIFT`` plus its offset: a slice is one run of the table's tree."""

TABLES = (
    # Data comes last, so that a look at the time never touches a page's bytes.
    """CREATE TABLE events (
        place INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        time INTEGER NOT NULL,
        packed INTEGER NOT NULL,
        data BLOB NOT NULL
    )""",
    "CREATE INDEX events_by_time ON events (time)",
)


class Row(NamedTuple):
    """The columns of an event after its place, in the table's order."""

    id: str
    type: str
    key: str
    time: int
    packed: int
    data: bytes

    def event(self) -> Event:
        data = zlib.decompress(self.data) if self.packed else self.data
        return Event(
            id=self.id, type=self.type, key=self.key, time=from_micros(self.time), data=data
        )


def to_row(event: Event, topic: Topic) -> Row:
    """Raises Reject for an event that the topic can never hold."""
    check(event, topic)
    size = len(event.data)
    data = zlib.compress(event.data, 1) if size > PACKED_FROM else event.data
    packed = len(data) < size
    return Row(
        event.id,
        event.type,
        event.key,
        to_micros(event.time),
        packed,
        data if packed else event.data,
    )


def place(stream: int, offset: int) -> int:
    return (stream << SHIFT) + offset
