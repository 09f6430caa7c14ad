"""Events as records of Kafka, and records of others as events."""

from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka.record import util

from services.bus import Event
from services.bus.kafka_events import Headers, Record, chunks, to_record, to_stored

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Fetched(NamedTuple):
    """A record as a consumer gives it."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes | None]]
    timestamp: int = 1_772_366_400_000
    topic: str = "pages"
    partition: int = 3
    offset: int = 42


def fetched(record: Record) -> Fetched:
    return Fetched(record.key, record.value, list(record.headers), record.timestamp_ms)


texts = st.text(st.characters(codec="utf-8"), max_size=20)
times = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001 - the zone is drawn
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)


@given(texts.filter(bool), texts, texts, times, st.binary(max_size=50))
def test_an_event_comes_back_as_it_was(
    id: str, type: str, key: str, time: datetime, data: bytes
) -> None:
    event = Event(id=id, type=type, key=key, time=time, data=data)
    stored = to_stored(fetched(to_record(event)))
    assert stored.event == event
    assert (stored.partition, stored.offset) == (3, 42)


def test_attributes_are_those_of_cloudevents() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    event = Event(
        id="1", type="page/1", key="kø", time=datetime(2026, 3, 1, 17, 30, tzinfo=east), data=b"{}"
    )
    record = to_record(event)
    assert dict(record.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": b"1",
        "ce_source": b"beatwire",
        "ce_type": b"page/1",
        "ce_time": b"2026-03-01T12:00:00.000000Z",
        "ce_subject": "kø".encode(),
        "content-type": b"application/json",
    }
    assert record.timestamp_ms == 1_772_366_400_000


def test_a_time_before_1970_is_in_the_header_alone() -> None:
    old = Event(id="1", type="t", key="k", time=datetime(1969, 7, 20, tzinfo=UTC), data=b"")
    assert to_record(old).timestamp_ms == 0


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("ce_id", None), ("ce_time", None)],
        [("ce_id", b""), ("ce_time", b"yesterday")],
        [("ce_time", b"2026-03-01T12:00:00")],
    ],
)
def test_a_record_of_another_program_becomes_an_event_without_a_type(
    headers: list[tuple[str, bytes | None]],
) -> None:
    stored = to_stored(Fetched(None, None, headers))
    assert stored.event == Event(id="pages-3-42", type="", key="", time=NOON, data=b"")


def test_bytes_that_are_no_text_stop_nobody() -> None:
    headers: list[tuple[str, bytes | None]] = [("ce_id", b"\xff"), ("ce_type", b"a\xc3")]
    stored = to_stored(Fetched(b"\xfe", b"\xff\x00", headers, timestamp=-1))
    assert (stored.event.id, stored.event.type, stored.event.key) == ("�", "a�", "�")
    assert stored.event.data == b"\xff\x00"
    assert stored.event.time == datetime(1970, 1, 1, tzinfo=UTC)


def record(size: int) -> Record:
    headers: Headers = []
    return Record(b"", bytes(size), headers, 0)


@given(st.lists(st.integers(0, 12), max_size=30), st.integers(1, 6), st.integers(1, 20))
def test_chunks_are_bounded_and_lose_nothing(sizes: list[int], most: int, most_bytes: int) -> None:
    records = [record(size) for size in sizes]
    found = chunks(records, most, most_bytes)
    assert [each for chunk in found for each in chunk] == records
    for chunk in found:
        assert 1 <= len(chunk) <= most
        assert len(chunk) == 1 or sum(each.size for each in chunk) <= most_bytes


def test_checksums_are_counted_by_machine_code() -> None:
    """In Python alone a large event would take seconds, each time that it is sent or fetched."""
    assert util.crc32c_c is not None
    assert util.calc_crc32c(memoryview(b"123456789")) == 0xE3069283
