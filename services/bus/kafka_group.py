"""A member of a group on one topic: joins, stays alive, and keeps the group's position.

The consumer is never polled for records: slices are cut from the log's ends alone. A keeper
thread serves the group while the owner is busy with a slice, so that the member keeps its
partitions for as long as its work takes, and a rebalance waits for nobody's work.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from kafka import AsyncConsumerRebalanceListener, KafkaConsumer, OffsetAndMetadata, TopicPartition
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    StaleMetadata,
    UnknownMemberIdError,
)
from kafka.structs import MemberState

from services.bus.kafka_address import Address
from services.bus.kafka_client import CALL_SECONDS, connect, millis
from services.bus.kafka_hand import Anew, Hand, Skipped
from services.errors import UserError
from services.metrics import SKIPPED_RECORDS

log = logging.getLogger(__name__)

SESSION_SECONDS = 30.0
"""A member that is not heard of for so long is dead, and others get its partitions."""
HEARTBEAT_SECONDS = 1.0
REBALANCE_SECONDS = 60.0
"""How long a rebalance waits for a member whose process hangs as a whole."""
KEEP_SECONDS = 0.5
"""The keeper's pause."""
QUIET_SECONDS = 1800.0
"""An owner that has asked nothing for so long hangs: its partitions go to other members."""
SETTLE_SECONDS = 3.0
"""How long one call waits for the group to settle.

Long enough for all members to join again: the library forgets an assignment that came after the
wait was over, and joins once more, which sends all others back too.
"""
LEAVE_SECONDS = 5.0

Run = tuple[int, int, int]
"""Partition, first offset, last offset."""

_NOT_A_MEMBER_NOW = (
    CommitFailedError,
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)


class Membership:
    """One group's member on one topic. All methods but the keeper's are called by one thread."""

    def __init__(self, address: Address, group: str, topic: str, member: str = "") -> None:
        """``member``: a name that outlives the process, for a static member; "" for none."""
        self._group, self._topic = group, topic
        self._name = address.name(topic)
        self._member = f"{member}.{topic}" if member else None
        self._lock = threading.Lock()
        self._hand = Hand()
        self._called = time.monotonic()
        self._consumer = connect(
            KafkaConsumer,
            address,
            group_id=address.name(group),
            group_instance_id=self._member,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            partition_assignment_strategy=[_PatientRange],
            session_timeout_ms=millis(SESSION_SECONDS),
            heartbeat_interval_ms=millis(HEARTBEAT_SECONDS),
            max_poll_interval_ms=millis(REBALANCE_SECONDS),
        )
        self._consumer.subscribe([self._name], listener=_Listener(self))
        self._stop = threading.Event()
        self._keeper = threading.Thread(
            target=self._keep, name=f"keeper of {group} on {topic}", daemon=True
        )
        self._keeper.start()

    def take(self, most: int, slices: int, *, evenly: bool) -> list[Run]:
        """Runs of offsets for this member; none while the group settles.

        Raises KafkaError when the server does not answer.
        """
        with self._lock:
            self._called = time.monotonic()
            self._serve()
            if not self._is_settled():
                # An answer, or the error that says that there is none.
                self._ends([0])
                return []
            if not self._hand.partitions:
                return []
            self._place()
            if not self._hand.is_behind(self._ends(self._hand.partitions), evenly=evenly):
                self._store()  # What ended while the group was unsettled is not stored yet.
                return []
            self._say(self._hand.begin(self._starts()))
            found = self._hand.take(most, slices, evenly=evenly)
            self._store()
            return found

    def finish(self, run: Run) -> None:
        """Note a run as done, and store the position when that moves it.

        Raises KafkaError when it cannot be stored; it is still noted, and stored by a later call.
        """
        with self._lock:
            self._called = time.monotonic()
            self._hand.finish(*run)
            self._store()

    def take_back(self, run: Run) -> None:
        with self._lock:
            self._called = time.monotonic()
            self._hand.take_back(*run)

    def partitions(self) -> set[int]:
        """What the group has given to this member."""
        with self._lock:
            self._called = time.monotonic()  # An owner whose hands are full still asks this.
            return set(self._hand.partitions)

    def close(self) -> None:
        """Store the position and leave the group at once, unless it is a static member."""
        self._stop.set()
        self._keeper.join()
        with self._lock:
            try:
                self._store()
            except (KafkaError, UserError) as error:
                log.warning("%s: the position could not be stored at the end: %s", self, error)
            try:
                self._consumer.close(autocommit=False, timeout_ms=millis(LEAVE_SECONDS))
            except KafkaError as error:
                log.warning("%s could not leave in order: %s", self, error)

    def __str__(self) -> str:
        return f"group {self._group} on topic {self._topic}"

    # With the lock held

    def _serve(self) -> None:
        """Answer the group: join, rejoin, stay."""
        with self._alone():
            # The consumer's own ``poll`` would fetch, and wait although the group has settled.
            self._consumer._coordinator.poll(timeout_ms=millis(SETTLE_SECONDS))
            # Fenced, the library only stops its heartbeat, and says so to nobody.
            if self._member and self._is_settled() and not self._is_beating():
                raise FencedInstanceIdError(self._member)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Raise UserError where another process has taken this member's name."""
        try:
            yield
        except FencedInstanceIdError as error:
            raise UserError(
                f"another process is member {self._member!r} of {self}: "
                "each process needs a member name of its own"
            ) from error

    def _is_beating(self) -> bool:
        return bool(self._consumer._coordinator._heartbeat_enabled)

    def _is_settled(self) -> bool:
        return self._consumer.group_metadata().state is MemberState.STABLE

    def _place(self) -> None:
        """Ask for the group's position on partitions that are new to this member."""
        if unplaced := self._hand.unplaced:
            # The consumer's own ``committed`` asks for one partition at a time.
            found = self._consumer._coordinator.fetch_committed_offsets(
                [self._at(each) for each in unplaced], timeout_ms=millis(CALL_SECONDS)
            )
            self._hand.place({at.partition: value.offset for at, value in found.items()})

    def _ends(self, partitions: Iterable[int]) -> dict[int, int]:
        found = self._consumer.end_offsets(
            [self._at(each) for each in partitions], timeout_ms=millis(CALL_SECONDS)
        )
        return {at.partition: offset for at, offset in found.items()}

    def _starts(self) -> dict[int, int]:
        found = self._consumer.beginning_offsets(
            [self._at(each) for each in self._hand.partitions], timeout_ms=millis(CALL_SECONDS)
        )
        return {at.partition: offset for at, offset in found.items()}

    def _store(self) -> None:
        """Store positions that the server lacks, unless the group is changing just now."""
        if not self._is_settled():
            return
        self._place()
        if not (moved := self._hand.to_store):
            return
        try:
            with self._alone():
                self._consumer.commit(self._as_offsets(moved), timeout_ms=millis(CALL_SECONDS))
        except _NOT_A_MEMBER_NOW as error:
            # Kept in hand: stored after the rebalance, or done again by who gets the partition.
            log.info("%s: the position waits for the next rebalance: %s", self, error)
        else:
            self._hand.stored(moved)

    def _say(self, found: Iterable[Skipped | Anew]) -> None:
        for each in found:
            if isinstance(each, Anew):
                log.warning(
                    "%s: partition %d ends at %d, before the group's position %d: it was made "
                    "anew or lost its end, and is read from its start",
                    self,
                    each.partition,
                    each.end,
                    each.position,
                )
                continue
            count = each.last - each.first + 1
            SKIPPED_RECORDS.labels(group=self._group, topic=self._topic).inc(count)
            log.warning(
                "%s: partition %d no longer has %d to %d (%d events): the log dropped them before "
                "the group came to them; it goes on with the oldest event that there is",
                self,
                each.partition,
                each.first,
                each.last,
                count,
            )

    def _at(self, partition: int) -> TopicPartition:
        return TopicPartition(self._name, partition)

    def _as_offsets(self, positions: dict[int, int]) -> dict[TopicPartition, OffsetAndMetadata]:
        return {
            self._at(partition): OffsetAndMetadata(offset, "", -1)
            for partition, offset in positions.items()
        }

    # The keeper's thread

    def _keep(self) -> None:
        while not self._stop.wait(KEEP_SECONDS):
            if time.monotonic() - self._called > QUIET_SECONDS:
                continue
            if self._lock.acquire(blocking=False):
                try:
                    self._serve()
                except (KafkaError, UserError) as error:
                    # The owner will meet the same error, and says it.
                    log.debug("%s: %s", self, error)
                finally:
                    self._lock.release()

    # Called by the consumer, in its own thread, while a thread waits in ``_serve``

    def assigned(self, partitions: Iterable[TopicPartition]) -> None:
        self._hand.assign(sorted(at.partition for at in partitions))

    def last_positions(self) -> Any:
        """A future of storing what is not stored yet; None when all is."""
        moved = self._hand.to_store
        return self._consumer.commit_async(self._as_offsets(moved)) if moved else None


class _PatientRange(RangePartitionAssignor):  # type: ignore[misc]
    """Deals out nothing before all topics are known.

    The library's own would deal out no partition of such a topic, and nobody would ask again.
    """

    @classmethod
    def assign(cls, cluster: Any, members: Any) -> Any:
        for topic in {topic for member in members for topic in member.metadata.topics}:
            if not cluster.partitions_for_topic(topic):
                raise StaleMetadata(topic)  # The join is tried again.
        return super().assign(cluster, members)


class _Listener(AsyncConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, member: Membership) -> None:
        self._member = member

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002
        if (future := self._member.last_positions()) is not None:
            try:
                await future
            except KafkaError as error:
                log.info("%s: the last position was not stored: %s", self._member, error)

    async def on_partitions_lost(self, lost: set[TopicPartition]) -> None:
        """They are another's. What comes back is placed again by ``on_partitions_assigned``."""
        log.warning("%s: lost %d partitions, others go on with them", self._member, len(lost))

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._member.assigned(assigned)
