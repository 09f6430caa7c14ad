"""Topics on the server: made and grown from ``services.topics``, and checked against it."""

import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaAdminClient, OffsetAndMetadata, OffsetSpec, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    InvalidPartitionsError,
    LeaderNotAvailableError,
    NoError,
    NotCoordinatorError,
    TopicAlreadyExistsError,
    UnknownTopicOrPartitionError,
    for_code,
)

from services.bus.kafka_address import Address
from services.bus.kafka_client import CALL_SECONDS, connect, millis
from services.errors import UserError
from services.topics import Topic

log = logging.getLogger(__name__)

ENVELOPE_BYTES = 1024 * 1024
"""What a record may need beyond an event's data: its key, its headers, the batch around it."""

_known: set[tuple[Address, str]] = set()
"""Topics that this process has found in order; one look a process is enough."""


class Admin:
    """Asks the cluster about topics and offsets; knows no group of its own."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._client = connect(KafkaAdminClient, address)

    def close(self) -> None:
        self._client.close()

    def ensure(self, topic: Topic) -> None:
        """Make a topic that is missing, grow one that is too small, check the rest.

        Raises UserError when the topic cannot hold the events that it is for.
        """
        if (self._address, topic.name) in _known:
            return
        name = self._address.name(topic.name)
        if not self._partitions(name):
            self._create(topic, name)
        # Another may have made it a moment ago, otherwise than it is defined here.
        self._check(topic, name)
        if (partitions := self._partitions(name)) < topic.partitions:
            self._grow(topic, name, partitions)
        _known.add((self._address, topic.name))

    def partitions(self, topic: str) -> list[TopicPartition]:
        """All partitions of a topic that is there, in order."""
        name = self._address.name(topic)
        found = self._partitions(name)
        if not found:
            _known.discard((self._address, topic))
            raise UnknownTopicOrPartitionError(name)
        return [TopicPartition(name, partition) for partition in range(found)]

    def offsets(self, partitions: Iterable[TopicPartition], at: OffsetSpec | int) -> dict[int, int]:
        """Per partition the offset for a time in milliseconds, or -1; the log's start or end."""
        found = self._client.list_partition_offsets(
            dict.fromkeys(partitions, at), timeout_ms=millis(CALL_SECONDS)
        )
        return {each.partition: value.offset for each, value in sorted(found.items())}

    def committed(self, group: str, partitions: list[TopicPartition]) -> dict[int, int]:
        """The positions of a group, for the partitions on which it has one."""
        deadline = time.monotonic() + CALL_SECONDS
        while True:
            try:
                found = self._client.list_group_offsets({group: partitions})[group]
                break
            except (
                CoordinatorNotAvailableError,
                CoordinatorLoadInProgressError,
                NotCoordinatorError,
            ):
                # The very first group of a cluster waits for the topic that holds positions.
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        return {each.partition: value.offset for each, value in found.items() if value.offset >= 0}

    def place(self, group: str, positions: Mapping[TopicPartition, int]) -> None:
        """Set the positions of a group that has no members. Raises KafkaError when it has some."""
        wanted = {at: OffsetAndMetadata(offset, "", -1) for at, offset in positions.items()}
        deadline = time.monotonic() + CALL_SECONDS
        while True:
            answers = self._client.alter_group_offsets(group, wanted)
            failed = [error for error in answers.values() if error is not NoError]
            if not failed:
                return
            passing = issubclass(
                failed[0], CoordinatorNotAvailableError | CoordinatorLoadInProgressError
            )
            if not passing or time.monotonic() > deadline:
                raise failed[0](group)
            time.sleep(0.1)

    def delete_below(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Drop what lies below an offset of each partition."""
        if offsets:
            self._client.delete_records(dict(offsets), timeout_ms=millis(CALL_SECONDS))

    def _partitions(self, name: str) -> int:
        [found] = self._client.describe_topics([name])
        error = for_code(found["error_code"])
        if error is UnknownTopicOrPartitionError:
            return 0
        if found["error_code"] and error is not LeaderNotAvailableError:
            raise error(name)
        return len(found["partitions"])

    def _create(self, topic: Topic, name: str) -> None:
        kept = -1 if topic.retention is None else millis(topic.retention.total_seconds())
        wanted = {
            "num_partitions": topic.partitions,
            "replication_factor": -1,  # the broker's default
            "configs": {
                "max.message.bytes": str(topic.max_event_bytes + ENVELOPE_BYTES),
                "retention.ms": str(kept),
                "retention.bytes": "-1",
                "cleanup.policy": "delete",
                # An event's time is what its source says, the future included.
                "message.timestamp.after.max.ms": str(2**63 - 1),
            },
        }
        try:
            self._client.create_topics({name: wanted}, timeout_ms=millis(CALL_SECONDS))
        except TopicAlreadyExistsError:
            log.debug("another process has just made topic %s", name)
        self._client.wait_for_topics([name], timeout_ms=millis(CALL_SECONDS))

    def _check(self, topic: Topic, name: str) -> None:
        found = self._settings(name)
        needed, least = topic.max_event_bytes + ENVELOPE_BYTES, int(found["max.message.bytes"])
        if least < needed:
            raise UserError(
                f"{self._address}: topic {name} takes messages of {least} bytes, {needed} are "
                f"needed; set it: kafka-configs.sh --alter --topic {name} "
                f"--add-config max.message.bytes={needed}"
            )
        kept = int(found["retention.ms"])
        if topic.retention is None and (kept >= 0 or "delete" not in found["cleanup.policy"]):
            log.warning(
                "topic %s drops events (retention.ms=%s, cleanup.policy=%s): "
                "what it has dropped can never be read or indexed again",
                name,
                kept,
                found["cleanup.policy"],
            )

    def _settings(self, name: str) -> dict[str, Any]:
        wanted = dict.fromkeys(("max.message.bytes", "retention.ms", "cleanup.policy"))
        answer = self._client.describe_configs(
            [ConfigResource(ConfigResourceType.TOPIC, name, wanted)], config_filter="all"
        )
        return {key: each["value"] for key, each in answer["topic"][name].items()}

    def _grow(self, topic: Topic, name: str, partitions: int) -> None:
        try:
            self._client.create_partitions(
                {name: topic.partitions}, timeout_ms=millis(CALL_SECONDS)
            )
        except InvalidPartitionsError:
            log.debug("another process has just grown topic %s", name)
            return
        log.warning(
            "topic %s grew from %d to %d partitions: keys move, and events of one key keep "
            "their order only among those published before or after this",
            name,
            partitions,
            topic.partitions,
        )
