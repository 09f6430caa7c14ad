"""Events as rows of the log: what is refused, what is compressed, where a row lies."""

import zlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from services.bus import Event
from services.errors import Reject
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

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
    size = len(event.data)
    if size > topic.max_event_bytes:
        raise Reject(
            f"event {event.key!r} of {size:,} bytes is over the "
            f"{topic.max_event_bytes:,} of topic {topic.name}"
        )
    try:
        "".join((event.id, event.type, event.key)).encode()
    except UnicodeEncodeError as error:
        raise Reject(f"event {event.key!r}: id, type or key is no valid text") from error
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


def partition_of(key: str, topic: Topic) -> int:
    """The same in every process and for ever, as ``hash`` is not."""
    return zlib.crc32(key.encode()) % topic.partitions


def place(stream: int, offset: int) -> int:
    return (stream << SHIFT) + offset


def to_micros(when: datetime) -> int:
    """Microseconds since 1970. Raises ValueError for a time without a zone."""
    if when.tzinfo is None:
        raise ValueError(f"a time without a zone: {when}")
    return (when - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
