"""Kafka dies, stalls, forgets and grows; members hang, die, come and go. Nothing is lost.

``TEST_OUTAGE_SECONDS`` scales the outages: some seconds as a rule, 60 in the full matrix.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from kafka import TopicPartition

from services.bus import Slice
from services.bus import kafka_client as client
from services.bus import kafka_group as group
from services.bus import kafka_topics as topics
from services.bus.kafka import KafkaBus
from services.errors import TryLater
from services.metrics import SKIPPED_RECORDS
from services.topics import PAGES, TOPICS
from tests.support.bus import SEVERAL, SINGLE, committed, drain, event, events, ids, left, poll
from tests.support.kafka import Kafka, admin, quick_groups, refused_sockets, remove, wait_until
from tests.support.servers import PrivateServers, private_servers, required_server

pytestmark = [pytest.mark.connected("kafka"), pytest.mark.slow]

OUTAGE_SECONDS = float(os.environ.get("TEST_OUTAGE_SECONDS", "6"))


@pytest.fixture
def kafka(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    quick_groups(monkeypatch)
    kafka = Kafka(required_server("kafka"))
    yield kafka
    kafka.close()
    remove(kafka.server, {kafka.prefix})


@pytest.fixture(scope="module")
def servers() -> Iterator[PrivateServers]:
    """A Kafka that may be killed."""
    with private_servers("kafka") as servers:
        yield servers


@pytest.fixture
def fragile(servers: PrivateServers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    quick_groups(monkeypatch)
    # Asked often, so that an outage of seconds is met in every method.
    monkeypatch.setattr(client, "CALL_SECONDS", 2.0)
    monkeypatch.setattr(client, "CONNECT_SECONDS", 1.0)
    kafka = Kafka(servers.address("kafka"))
    with refused_sockets():
        yield kafka
        kafka.close()


def count_deals(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows with each rebalance that a member of this process sees, by its number of partitions."""
    seen: list[int] = []
    assigned = group.Membership.assigned

    def counted(self: group.Membership, partitions: Sequence[TopicPartition]) -> None:
        seen.append(len(partitions))
        assigned(self, partitions)

    monkeypatch.setattr(group.Membership, "assigned", counted)
    return seen


# The member


def test_a_long_handler_keeps_its_membership(kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group, "REBALANCE_SECONDS", 1.0)
    dealt = count_deals(monkeypatch)
    bus = kafka.open()
    bus.publish(SINGLE, events(20))
    first, second = poll(bus, "g", SINGLE, most=10, slices=2)
    time.sleep(2.5)
    bus.commit("g", first)
    assert committed(bus, "g", SINGLE) == {0: 10}
    assert bus.poll("g", SINGLE) == []  # the second is still in hand
    bus.commit("g", second)
    assert committed(bus, "g", SINGLE) == {0: 20}
    assert dealt == [1]


def test_others_join_and_go_while_a_handler_is_long(kafka: Kafka) -> None:
    bus = kafka.open()
    bus.publish(SEVERAL, events(100))
    parts = [part for _ in range(12) for part in poll(bus, "g", SEVERAL, most=100)]
    assert sum(map(len, parts)) == 100
    with kafka.open() as other:  # it gets its share although the first one asks nothing
        shared = poll(other, "g", SEVERAL, most=100, slices=100)
        assert {part.partition for part in shared} < {part.partition for part in parts}
    time.sleep(1.0)  # all is the first one's again
    for part in parts:
        bus.commit("g", part)
    drain(bus, "g", SEVERAL)
    assert left(bus, "g", SEVERAL) == 0


def test_an_owner_that_hangs_loses_its_partitions(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group, "QUIET_SECONDS", 0.5)
    monkeypatch.setattr(group, "REBALANCE_SECONDS", 1.0)
    hanging, other = kafka.open(), kafka.open()
    hanging.publish(SINGLE, events(10))
    [part] = poll(hanging, "g", SINGLE)
    assert poll(other, "g", SINGLE) == [part]
    other.commit("g", part)
    hanging.commit("g", part)
    assert committed(other, "g", SINGLE) == {0: 10}


HOLDER = """
import sys
from services.bus import kafka_group
from services.bus.kafka import KafkaBus
kafka_group.SESSION_SECONDS, kafka_group.HEARTBEAT_SECONDS = 3.0, 0.5
bus = KafkaBus(sys.argv[1])
while not (parts := bus.poll("g", "dead", most=10)):
    pass
print(parts, flush=True)
sys.stdin.read()
"""


def test_what_a_killed_member_held_comes_to_another(kafka: Kafka) -> None:
    bus = kafka.open()
    bus.publish(SINGLE, events(10))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, kafka.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert "first=0, last=9" in holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
    assert [len(part) for part in poll(bus, "g", SINGLE)] == [10]


# The log


def test_what_retention_dropped_is_counted_and_named(
    kafka: Kafka, caplog: pytest.LogCaptureFixture
) -> None:
    with kafka.open() as bus:
        bus.publish(SINGLE, events(30))
        [part] = poll(bus, "g", SINGLE, most=5)
        bus.commit("g", part)
    with admin(kafka.server) as operator:
        operator.delete_records({TopicPartition(f"{kafka.prefix}.{SINGLE}", 0): 12})
    count = SKIPPED_RECORDS.labels(group="g", topic=SINGLE)._value
    before = count.get()
    bus = kafka.open()
    assert bus.lag("g", SINGLE)[0].records == 18
    with caplog.at_level(logging.WARNING):
        found = drain(bus, "g", SINGLE)
        assert ids(found) == [f"key {each}#0" for each in range(12, 30)]
    assert "group g on topic dead: partition 0 no longer has 5 to 11 (7 events)" in caplog.text
    assert count.get() == before + 7
    assert committed(bus, "g", SINGLE) == {0: 30}
    with caplog.at_level(logging.WARNING):
        assert ids(bus.read(Slice(SINGLE, 0, 9, 13))) == ["key 12#0", "key 13#0"]
    assert "partition 0: the log dropped 9 to 11 before they were read" in caplog.text
    assert bus.read(Slice(SINGLE, 0, 0, 3)) == []


def test_partitions_grow_while_members_come_and_go(
    kafka: Kafka, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """From 1 partition to 12, from 1 member to 3 and back, with a publisher at work."""
    monkeypatch.setattr(client, "METADATA_SECONDS", 0.5)
    monkeypatch.setitem(TOPICS, SEVERAL, msgspec.structs.replace(PAGES, partitions=1))
    publisher, first = kafka.open(), kafka.open()
    done: list[tuple[str, int]] = []
    sent = Counter[str]()

    def publish() -> None:
        batch = [event(f"k{key}", sent[f"k{key}"]) for key in range(20)]
        publisher.publish(SEVERAL, batch)
        sent.update(each.key for each in batch)

    def work(*members: KafkaBus) -> None:
        for bus in members:
            for part in bus.poll("g", SEVERAL, most=7, slices=4):
                for each in bus.read(part):
                    key, _, number = each.event.id.partition("#")
                    done.append((key, int(number)))
                bus.commit("g", part)

    def work_off(*members: KafkaBus) -> None:
        def is_done() -> bool:
            work(*members)
            return not left(publisher, "g", SEVERAL)

        wait_until(is_done)

    for _ in range(3):
        publish()
        work(first)
    work_off(first)
    monkeypatch.setitem(TOPICS, SEVERAL, PAGES)
    topics._known.clear()
    with caplog.at_level(logging.WARNING):
        publish()
    assert "grew from 1 to 12 partitions: keys move" in caplog.text
    wait_until(lambda: len(publisher._writer._producer.partitions_for(name_of(kafka))) == 12)
    work_off(first)  # Keys moved: only what is published from here on has an order again.
    with kafka.open() as second, kafka.open() as third:
        for _ in range(5):
            publish()
            work(first, second, third)
        work_off(first, second, third)
        assert sorted(each.partition for each in first.lag("g", SEVERAL)) == [*range(12)]
        publish()
        work(second)
    publish()
    work_off(first)
    assert {*done} == {(key, number) for key, count in sent.items() for number in range(count)}
    for key in sent:
        # Redone work aside, each key's events came in their order.
        numbers = [number for each, number in dict.fromkeys(done) if each == key]
        assert numbers == sorted(numbers)


def name_of(kafka: Kafka) -> str:
    return f"{kafka.prefix}.{SEVERAL}"


# The broker


class Flow:
    """A publisher and a member, each in a thread, that go on whatever the broker does."""

    def __init__(self, kafka: Kafka) -> None:
        self.stop = threading.Event()
        self.sent: list[str] = []
        self.done = Counter[str]()
        self.waits = Counter[str]()
        self.longest = 0.0
        self.reader = kafka.open()
        self.errors: list[BaseException] = []
        self._publisher = kafka.open()
        self._threads = [
            threading.Thread(target=self._run, args=(each,)) for each in (self._publish, self._work)
        ]

    def __enter__(self) -> "Flow":
        for thread in self._threads:
            thread.start()
        wait_until(lambda: len(self.done) > 200)
        return self

    def finish(self) -> None:
        """Stop publishing, and work off what is left."""
        self.stop.set()
        wait_until(lambda: {*self.sent} <= self.done.keys())

    def __exit__(self, *exc: object) -> None:
        self.stop.set()
        self.finished = True
        for thread in self._threads:
            thread.join(60)
        assert self.errors == []

    finished = False

    def _run(self, step: Callable[[], None]) -> None:
        try:
            while not self.finished:
                step()
        except BaseException as error:
            self.errors.append(error)
            raise

    def _ask[T](self, what: str, call: Callable[[], T], otherwise: T) -> T:
        """Call until there is an answer."""
        while not self.finished:
            started = time.monotonic()
            try:
                return call()
            except TryLater:
                self.waits[what] += 1
                time.sleep(0.1)
            finally:
                self.longest = max(self.longest, time.monotonic() - started)
        return otherwise

    def _publish(self) -> None:
        if self.stop.is_set():
            time.sleep(0.1)
            return
        batch = [event(f"k{each}", len(self.sent) + each, data=bytes(3000)) for each in range(20)]

        def publish() -> bool:
            self._publisher.publish(SEVERAL, batch)
            return True

        if self._ask("publish", publish, False):
            self.sent += [each.id for each in batch]

    def _work(self) -> None:
        def take() -> list[Slice]:
            return self.reader.poll("g", SEVERAL, most=50, slices=4)

        for part in self._ask("poll", take, list[Slice]()):
            self._handle(part)

    def _handle(self, part: Slice) -> None:
        found = self._ask("read", lambda: ids(self.reader.read(part)), list[str]())
        self._ask("commit", lambda: self.reader.commit("g", part), None)
        self.done.update(found)


def memory() -> int:
    """Resident bytes of this process."""
    with open("/proc/self/statm") as file:  # noqa: PTH123
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    """Files and sockets that this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_killed_broker_loses_nothing(servers: PrivateServers, fragile: Kafka) -> None:
    with Flow(fragile) as flow:
        before, opened = memory(), descriptors()
        servers.kill("kafka")
        time.sleep(OUTAGE_SECONDS)
        grown = memory() - before
        done = len(flow.done)
        servers.up("kafka")
        back = time.monotonic()
        wait_until(lambda: len(flow.done) > done + 40)
        recovered = time.monotonic() - back
        wait_until(lambda: descriptors() <= opened + 3)
        flow.finish()
    assert grown < 100_000_000
    assert recovered < 30
    assert flow.longest < 45
    print(
        f"{len(flow.sent)} events, {len(flow.done.keys() ^ {*flow.sent})} lost or strange, "
        f"{sum(flow.done.values()) - len(flow.done)} appended or done again, "
        f"memory +{grown / 1e6:.0f} MB, back after {recovered:.1f} s, waits {dict(flow.waits)}, "
        f"longest call {flow.longest:.1f} s"
    )
    assert flow.done.keys() == {*flow.sent}


def test_a_stalled_broker_costs_one_rebalance_at_most(
    servers: PrivateServers, fragile: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    dealt = count_deals(monkeypatch)
    with Flow(fragile) as flow:
        before = len(dealt)
        servers.pause("kafka")
        time.sleep(OUTAGE_SECONDS)
        done = len(flow.done)
        servers.resume("kafka")
        wait_until(lambda: len(flow.done) > done + 40)
        flow.finish()
        rebalances = len(dealt) - before
    print(
        f"{len(flow.sent)} events, {rebalances} rebalances, waits {dict(flow.waits)}, "
        f"{sum(flow.done.values()) - len(flow.done)} appended or done again"
    )
    assert rebalances <= 1
    assert flow.done.keys() == {*flow.sent}
