"""``Bus`` on Kafka: slices are offset ranges, and workers read them straight from the server.

The parts: ``kafka_topics`` makes and checks topics, ``kafka_writer`` appends, ``kafka_reader``
reads slices, ``kafka_group`` is a member of a group and ``kafka_hand`` its bookkeeping.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import Any, Self

from kafka import OffsetSpec, TopicPartition
from kafka.errors import MessageSizeTooLargeError

from services.bus import Event, Lag, Slice, Stored
from services.bus.events import check, partition_of, refused, to_micros
from services.bus.kafka_address import parse
from services.bus.kafka_client import answered
from services.bus.kafka_events import Record, in_place, to_record
from services.bus.kafka_group import Membership
from services.bus.kafka_reader import Reader
from services.bus.kafka_topics import Admin
from services.bus.kafka_writer import FLIGHT_RECORDS, PartitionOf, Writer
from services.errors import TryLater, UserError
from services.topics import TOPICS, Topic


class KafkaBus:
    """See ``Bus``. Opening it asks nobody: each client is made when it is first needed."""

    def __init__(self, address: str, member: str = "") -> None:
        """``member``: a name that this process keeps when it is started again, "" for none.

        With a name its partitions wait for it, for ``SESSION_SECONDS``; no two processes may have
        the same. Raises SettingsError for a bad address.
        """
        self._address = parse(address)
        self._member = member
        self._clients: dict[str, Any] = {}
        self._memberships: dict[tuple[str, str], Membership] = {}
        self._times: dict[TopicPartition, tuple[int, datetime | None]] = {}
        self._was_away = False

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        kind = _topic(topic)
        for event in events:
            check(event, kind)
        records = [to_record(event) for event in events]
        if not records:
            return
        with self._answered():
            self._admin.ensure(kind)
            try:
                self._writer.append(self._address.name(topic), records, _place)
            except MessageSizeTooLargeError as error:
                # The data is within bounds, so the key or the id is beyond all reason.
                reason = f"an event is too large for topic {kind.name}: {error}"
                raise refused(kind, "too-large", reason) from error

    def poll(
        self, group: str, topic: str, *, most: int = 32, slices: int = 1, evenly: bool = False
    ) -> list[Slice]:
        kind = _topic(topic)
        if most < 1 or slices < 1:
            return []
        with self._answered():
            self._admin.ensure(kind)
            runs = self._membership(group, topic).take(most, slices, evenly=evenly)
        return [Slice(topic, *run) for run in runs]

    def read(self, part: Slice) -> list[Stored]:
        _topic(part.topic)
        at = TopicPartition(self._address.name(part.topic), part.partition)
        with self._answered():
            return self._reader.read(at, part.first, part.last)

    def commit(self, group: str, part: Slice) -> None:
        if member := self._member_of(group, part):
            with self._answered():
                member.finish((part.partition, part.first, part.last))

    def give_back(self, group: str, part: Slice) -> None:
        if member := self._member_of(group, part):
            member.take_back((part.partition, part.first, part.last))

    def open_to(self, group: str, topic: str) -> set[int]:
        _topic(topic)
        member = self._memberships.get((group, topic))
        return member.partitions() if member else set()

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        kind = _topic(topic)
        with self._answered():
            self._admin.ensure(kind)
            partitions = self._admin.partitions(topic)
            ends = self._admin.offsets(partitions, OffsetSpec.LATEST)
            found = self._admin.offsets(partitions, max(0, to_micros(time) // 1000))
        return {each: offset if offset >= 0 else ends[each] for each, offset in found.items()}

    def lag(self, group: str, topic: str) -> list[Lag]:
        kind = _topic(topic)
        with self._answered():
            self._admin.ensure(kind)
            partitions = self._admin.partitions(topic)
            stored = self._admin.committed(self._address.name(group), partitions)
            starts = self._admin.offsets(partitions, OffsetSpec.EARLIEST)
            ends = self._admin.offsets(partitions, OffsetSpec.LATEST)
            lags = []
            for at in partitions:
                start, end = starts[at.partition], ends[at.partition]
                # Below the start there is nothing left to do; beyond the end, nothing yet.
                committed = min(max(stored.get(at.partition, start), start), end)
                oldest = self._time_at(at, committed) if committed < end else None
                lags.append(Lag(topic, at.partition, committed, end, oldest))
        return lags

    def put_back(self, topic: str, stored: Sequence[Stored]) -> None:
        kind = _topic(topic)
        with self._answered():
            self._admin.ensure(kind)
            partitions = self._admin.partitions(topic)
            ends = self._admin.offsets(partitions, OffsetSpec.LATEST)
            for partition in sorted({each.partition for each in stored}):
                if partition not in ends:
                    raise UserError(
                        f"{self._address}: topic {self._address.name(topic)} has {len(ends)} "
                        f"partitions and needs {partition + 1}; grow it: kafka-topics.sh --alter"
                    )
                ours = [each for each in stored if each.partition == partition]
                for records in batched(in_place(ours, ends[partition]), FLIGHT_RECORDS):
                    self._writer.append(self._address.name(topic), records, _always(partition))

    def move_to(self, group: str, topic: str, positions: Mapping[int, int]) -> None:
        _topic(topic)
        name = self._address.name(topic)
        with self._answered():
            self._admin.place(
                self._address.name(group),
                {TopicPartition(name, each): offset for each, offset in positions.items()},
            )

    def forget(self, topic: str, before: Mapping[int, int]) -> int:
        kind = _topic(topic)
        with self._answered():
            self._admin.ensure(kind)
            partitions = self._admin.partitions(topic)
            starts = self._admin.offsets(partitions, OffsetSpec.EARLIEST)
            ends = self._admin.offsets(partitions, OffsetSpec.LATEST)
            cut = {
                at: min(before.get(at.partition, 0), ends[at.partition])
                for at in partitions
                if starts[at.partition] < before.get(at.partition, 0)
            }
            self._admin.delete_below(cut)
        return sum(offset - starts[at.partition] for at, offset in cut.items())

    def close(self) -> None:
        for member in self._memberships.values():
            member.close()
        self._memberships.clear()
        self._drop_clients()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _member_of(self, group: str, part: Slice) -> Membership | None:
        _topic(part.topic)
        return self._memberships.get((group, part.topic))

    def _membership(self, group: str, topic: str) -> Membership:
        if (group, topic) not in self._memberships:
            made = Membership(self._address, group, topic, self._member)
            self._memberships[group, topic] = made
        return self._memberships[group, topic]

    def _time_at(self, at: TopicPartition, offset: int) -> datetime | None:
        """An event's time; the last answer is kept, for a group that stands still."""
        known, time = self._times.get(at, (-1, None))
        if known != offset:
            found = self._peeker.read(at, offset, offset)
            time = found[0].event.time if found else None
            self._times[at] = offset, time
        return time

    # Clients

    @property
    def _admin(self) -> Admin:
        return self._client("admin", lambda: Admin(self._address))

    @property
    def _writer(self) -> Writer:
        return self._client("writer", lambda: Writer(self._address))

    @property
    def _reader(self) -> Reader:
        return self._client("reader", lambda: Reader(self._address))

    @property
    def _peeker(self) -> Reader:
        """Reads one event here and there: a fetch brings one batch and no more."""
        return self._client("peeker", lambda: Reader(self._address, fetch_bytes=1))

    def _client[T](self, name: str, make: Callable[[], T]) -> T:
        if name not in self._clients:
            self._clients[name] = make()
        found: T = self._clients[name]
        return found

    @contextmanager
    def _answered(self) -> Iterator[None]:
        """After an error, start with new clients: what they know may be wrong by then."""
        try:
            with answered(self._address):
                yield
        except TryLater:
            self._drop_clients()
            self._was_away = True
            raise
        if self._was_away:
            # The library leaves sockets that were refused to the collector, which may not come
            # by itself for long: ten to twenty stay open after an outage.
            self._was_away = False
            gc.collect()

    def _drop_clients(self) -> None:
        while self._clients:
            _, client = self._clients.popitem()
            client.close()


def _topic(name: str) -> Topic:
    try:
        return TOPICS[name]
    except KeyError:
        raise ValueError(f"no topic {name!r}; known: {', '.join(TOPICS)}") from None


def _place(record: Record, partitions: int) -> int:
    return partition_of(record.key.decode(), partitions)


def _always(partition: int) -> PartitionOf:
    return lambda _record, _partitions: partition
