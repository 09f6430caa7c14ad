"""Appends records and waits until they are safe: idempotent, by all replicas, bounded in flight."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError

from services.bus.kafka_address import Address
from services.bus.kafka_client import CALL_SECONDS, connect, millis
from services.bus.kafka_events import Record, chunks

FLIGHT_RECORDS = 1000
FLIGHT_BYTES = 16 * 1024 * 1024
"""What may be on its way at once. The client itself would keep any amount in memory."""
APPEND_SECONDS = 25.0
"""The longest wait until what is on its way is safe."""
LARGEST_REQUEST = 64 * 1024 * 1024
BATCH_BYTES = 256 * 1024

PartitionOf = Callable[[Record, int], int]


class Writer:
    """A producer, made when it is needed and thrown away when an append failed.

    A producer that gave up on a batch might still send it, or refuse later ones as out of
    sequence; a new one starts clean, and nothing is left in memory.
    """

    def __init__(self, address: Address) -> None:
        self._address = address
        self._producer: Any = None

    def append(self, topic: str, records: Sequence[Record], partition_of: PartitionOf) -> None:
        """Append all records in order; they are safe when this returns.

        Raises KafkaError, after which some may have been appended.
        """
        try:
            if self._producer is None:
                self._producer = self._connect()
            partitions = len(self._producer.partitions_for(topic))
            for chunk in chunks(records, FLIGHT_RECORDS, FLIGHT_BYTES):
                self._append(topic, chunk, lambda each: partition_of(each, partitions))
        except BaseException:
            self._discard()
            raise

    def _append(
        self, topic: str, records: Sequence[Record], partition_of: Callable[[Record], int]
    ) -> None:
        sent = [
            self._producer.send(
                topic,
                key=each.key,
                value=each.value,
                headers=each.headers,
                partition=partition_of(each),
                timestamp_ms=each.timestamp_ms,
            )
            for each in records
        ]
        self._producer.flush(APPEND_SECONDS)
        for future in sent:
            future.get(0)

    def close(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            with contextlib.suppress(KafkaError):
                producer.close(timeout=CALL_SECONDS)

    def _connect(self) -> Any:
        return connect(
            KafkaProducer,
            self._address,
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            batch_size=BATCH_BYTES,
            # A flush follows at once; until then batches may fill.
            linger_ms=1000,
            max_request_size=LARGEST_REQUEST,
            max_block_ms=millis(CALL_SECONDS),
            delivery_timeout_ms=millis(APPEND_SECONDS),
            allow_auto_create_topics=False,
        )

    def _discard(self) -> None:
        """Throw away what is on its way. Its own ``close`` would first wait for that."""
        if self._producer is None:
            return
        producer, self._producer = self._producer, None
        producer._sender.force_close()
        producer._sender.join(CALL_SECONDS)
        with contextlib.suppress(KafkaTimeoutError):
            producer.close(timeout=1)
