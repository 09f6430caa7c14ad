"""What every log does with an event before it keeps it: what is refused, where it belongs."""

import zlib
from datetime import UTC, datetime, timedelta

from services.bus import Event
from services.errors import Reject
from services.metrics import REFUSED_EVENTS
from services.topics import Topic

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def check(event: Event, topic: Topic) -> None:
    """Raise Reject, and count it, for an event that the topic can never hold.

    Raises ValueError for a time without a zone, which is a bug of the caller.
    """
    size = len(event.data)
    if size > topic.max_event_bytes:
        raise refused(
            topic,
            "too-large",
            f"event {event.key!r} of {size:,} bytes is over the "
            f"{topic.max_event_bytes:,} of topic {topic.name}",
        )
    try:
        "".join((event.id, event.type, event.key)).encode()
    except UnicodeEncodeError as error:
        reason = f"event {event.key!r}: id, type or key is no valid text"
        raise refused(topic, "no-text", reason) from error
    to_micros(event.time)


def refused(topic: Topic, kind: str, reason: str) -> Reject:
    """The error for an event that is not published; it is counted."""
    REFUSED_EVENTS.labels(topic=topic.name, reason=kind).inc()
    return Reject(reason)


def partition_of(key: str, partitions: int) -> int:
    """The same in every process and for ever, as ``hash`` is not."""
    return zlib.crc32(key.encode()) % partitions


def to_micros(when: datetime) -> int:
    """Microseconds since 1970. Raises ValueError for a time without a zone."""
    if when.tzinfo is None:
        raise ValueError(f"a time without a zone: {when}")
    return (when - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + micros * _MICROSECOND
