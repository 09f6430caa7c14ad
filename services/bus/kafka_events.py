"""Events as records of Kafka: CloudEvents attributes in headers (binary mode), data as the value.

See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Any, NamedTuple

from services.bus import Event, Stored
from services.bus.events import from_micros, to_micros
from services.errors import UserError
from services.tracing import HEADER

SOURCE = b"beatwire"

Headers = list[tuple[str, bytes]]


class Record(NamedTuple):
    """What the producer is given for an event."""

    key: bytes
    value: bytes
    headers: Headers
    timestamp_ms: int

    @property
    def size(self) -> int:
        return len(self.key) + len(self.value)


def to_record(event: Event) -> Record:
    """An event, checked by ``check``, as a record."""
    key = event.key.encode()
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", event.id.encode()),
        ("ce_source", SOURCE),
        ("ce_type", event.type.encode()),
        ("ce_time", _to_text(event.time).encode()),
        ("ce_subject", key),
        ("content-type", b"application/json"),
    ]
    if event.trace:
        headers.append((HEADER, event.trace.encode()))
    headers += [(name, value.encode(errors="replace")) for name, value in event.labels]
    # Kafka knows no time before 1970; the header does.
    return Record(key, event.data, headers, max(0, to_micros(event.time) // 1000))


def to_stored(record: Any) -> Stored:
    """A record as an event, whoever wrote it: what is missing is left empty.

    A record that is none of ours has no type, so that the stages send it to the dead letters.
    """
    found = {name: value for name, value in record.headers or () if value is not None}
    key = record.key if record.key is not None else found.get("ce_subject", b"")
    event = Event(
        id=_text(found.get("ce_id")) or f"{record.topic}-{record.partition}-{record.offset}",
        type=_text(found.get("ce_type")),
        key=_text(key),
        time=_time(_text(found.get("ce_time")), record.timestamp),
        data=bytes(record.value or b""),
        trace=_text(found.get(HEADER)),
    )
    return Stored(record.partition, record.offset, event)


def in_place(stored: Sequence[Stored], end: int) -> Iterator[Record]:
    """The events of one partition as records, so that each gets the offset that it had.

    ``end`` is the offset that the partition gives next; what is missing is an empty record, which
    is an event for nobody. Raises UserError when the partition goes beyond an offset.
    """
    for each in stored:
        if each.offset < end:
            raise UserError(f"partition {each.partition}: the log has {each.offset} already")
        yield from repeat(Record(b"", b"", [], 0), each.offset - end)
        end = each.offset + 1
        yield to_record(each.event)


def chunks(records: Sequence[Record], most: int, most_bytes: int) -> list[Sequence[Record]]:
    """Cut into runs of at most so many records, and of so many bytes unless one alone has more."""
    found: list[Sequence[Record]] = []
    start = size = 0
    for at, record in enumerate(records):
        if at > start and (at - start >= most or size + record.size > most_bytes):
            found.append(records[start:at])
            start, size = at, 0
        size += record.size
    return [*found, records[start:]] if records else []


def _to_text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")


def _time(text: str, timestamp_ms: int | None) -> datetime:
    try:
        return from_micros(to_micros(datetime.fromisoformat(text)))
    except ValueError:
        return from_micros(max(0, timestamp_ms or 0) * 1000)
