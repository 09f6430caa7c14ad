"""Reads slices straight from Kafka, without a group: any process, any slice, as often as wanted."""

import logging
import time
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError, OffsetOutOfRangeError

from services.bus import Stored
from services.bus.kafka_address import Address
from services.bus.kafka_client import CALL_SECONDS, connect, millis
from services.bus.kafka_events import to_stored

log = logging.getLogger(__name__)

FETCH_BYTES = 4 * 1024 * 1024
"""What one fetch brings along. A batch that is larger comes all the same, alone."""
READ_SECONDS = 20.0
LOOK_SECONDS = 0.5
"""A fetch that brought nothing for this long may stand before a gap, or at the end."""


class Reader:
    """A consumer that is put onto what is to be read."""

    def __init__(self, address: Address, fetch_bytes: int = FETCH_BYTES) -> None:
        self._consumer = connect(
            KafkaConsumer,
            address,
            group_id=None,
            enable_auto_commit=False,
            # Whatever fell out is looked for and said, never jumped over.
            auto_offset_reset="none",
            allow_auto_create_topics=False,
            max_partition_fetch_bytes=fetch_bytes,
            fetch_max_wait_ms=100,
            # Slices are cut up to the log's end, so all up to there is read: a transaction that
            # another producer leaves open must hide nothing of ours.
            isolation_level="read_uncommitted",
        )

    def close(self) -> None:
        self._consumer.close(timeout_ms=millis(CALL_SECONDS))

    def read(self, at: TopicPartition, first: int, last: int) -> list[Stored]:
        """The events from ``first`` to ``last`` that are there.

        Raises KafkaTimeoutError when the log gives none for ``READ_SECONDS``.
        """
        found: list[Stored] = []
        deadline = time.monotonic() + READ_SECONDS
        self._consumer.assign([at])
        self._consumer.seek(at, first)
        while (place := self._consumer.position(at, timeout_ms=millis(CALL_SECONDS))) <= last:
            records = self._fetch(at, last - place + 1)
            found += [to_stored(record) for record in records if record.offset <= last]
            if records:
                deadline = time.monotonic() + READ_SECONDS
            else:
                start, end = self._bounds(at)
                if place >= end:
                    _say_what_is_missing(at, place, last)
                    break
                if place < start:
                    _say_what_is_missing(at, place, min(start - 1, last))
                    self._consumer.seek(at, start)
            if time.monotonic() > deadline:
                raise KafkaTimeoutError(f"reading {at.topic} {at.partition} from {place}")
        return found

    def _fetch(self, at: TopicPartition, most: int) -> list[Any]:
        try:
            found = self._consumer.poll(timeout_ms=millis(LOOK_SECONDS), max_records=most)
        except OffsetOutOfRangeError:
            return []
        return list(found.get(at, ()))

    def _bounds(self, at: TopicPartition) -> tuple[int, int]:
        start = self._consumer.beginning_offsets([at], timeout_ms=millis(CALL_SECONDS))
        end = self._consumer.end_offsets([at], timeout_ms=millis(CALL_SECONDS))
        return start[at], end[at]


def _say_what_is_missing(at: TopicPartition, first: int, last: int) -> None:
    log.warning(
        "topic %s partition %d: the log dropped %d to %d before they were read",
        at.topic,
        at.partition,
        first,
        last,
    )
