"""``KafkaBus`` keeps the promises of ``Bus`` on a real server."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import ConfigResource, ConfigResourceType

from services.bus import Bus, Slice, kafka_client
from services.bus.kafka import KafkaBus
from services.dead.labels import labels_of
from services.errors import Reject, TryLater, UserError
from services.metrics import REFUSED_EVENTS
from services.topics import DEAD, TOPICS
from tests.contracts.bus import ANY_ORDER, BusContract, OpenBus
from tests.contracts.log import LogContract
from tests.support.bus import NOON, SINGLE, drain, event, events, left, poll
from tests.support.kafka import (
    Kafka,
    admin,
    quick_groups,
    refused_sockets,
    remove,
    settle,
    wait_until,
)
from tests.support.letters import dead_letter
from tests.support.servers import required_server

pytestmark = pytest.mark.connected("kafka")


@pytest.fixture(scope="module")
def used() -> Iterator[set[str]]:
    """Prefixes whose topics and groups go at the end."""
    prefixes = set[str]()
    yield prefixes
    remove(required_server("kafka"), prefixes)


@pytest.fixture
def kafka(used: set[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    quick_groups(monkeypatch)
    kafka = Kafka(required_server("kafka"))
    used.add(kafka.prefix)
    yield kafka
    kafka.close()


class TestKafkaBus(BusContract):
    quiet_seconds = 1.0

    @pytest.fixture
    def open_bus(self, kafka: Kafka) -> OpenBus:
        return kafka.open

    def settle(self, group: str, topic: str, *members: Bus) -> None:
        mine = [cast("KafkaBus", bus) for bus in members]
        settle(group, topic, *mine, partitions=TOPICS[topic].partitions)

    # Each example joins a group, which takes a while.
    @settings(ANY_ORDER, max_examples=6)
    @given(data=st.data())
    def test_commits_in_any_order_add_up(self, open_bus: OpenBus, data: st.DataObject) -> None:
        self.check_commits(open_bus, data)


class TestKafkaLog(LogContract):
    @pytest.fixture
    def open_bus(self, kafka: Kafka) -> OpenBus:
        return kafka.open


# What only Kafka meets


def foreign(kafka: Kafka, topic: str, **record: Any) -> None:
    """Append a record as another program would."""
    producer = KafkaProducer(bootstrap_servers=kafka.server.removeprefix("kafka://").split(","))
    try:
        producer.send(f"{kafka.prefix}.{topic}", partition=0, **record).get(10)
    finally:
        producer.close()


def test_records_of_other_programs_stop_nobody(kafka: Kafka) -> None:
    bus = kafka.open()
    bus.publish(SINGLE, events(1))
    foreign(kafka, SINGLE, key=b"\xff", value=None)
    foreign(kafka, SINGLE, value=b"not json \xff", headers=[("ce_time", b"yesterday")])
    bus.publish(SINGLE, [event("after")])
    found = [each.event for each in drain(bus, "g", SINGLE)]
    assert [each.type for each in found] == ["page/1", "", "", "page/1"]
    assert [each.id for each in found[1:3]] == [
        f"{kafka.prefix}.{SINGLE}-0-1",
        f"{kafka.prefix}.{SINGLE}-0-2",
    ]
    assert [each.data for each in found[1:3]] == [b"", b"not json \xff"]
    assert found[3].key == "after"


def first_record(kafka: Kafka, topic: str) -> Any:
    """As any other program finds it."""
    consumer = KafkaConsumer(
        f"{kafka.prefix}.{topic}",
        bootstrap_servers=kafka.server.removeprefix("kafka://"),
        auto_offset_reset="earliest",
        consumer_timeout_ms=10_000,
    )
    try:
        return next(consumer)
    finally:
        consumer.close()


def test_what_lies_on_the_topic_is_plain_cloudevents(kafka: Kafka) -> None:
    kafka.open().publish(SINGLE, [event("k", data=b'{"a": 1}')])
    record = first_record(kafka, SINGLE)
    assert (record.key, record.value) == (b"k", b'{"a": 1}')
    assert record.timestamp == NOON.timestamp() * 1000
    assert dict(record.headers)["ce_type"] == b"page/1"


def test_a_dead_letter_can_be_routed_without_reading_it(kafka: Kafka) -> None:
    letter = dead_letter(reason="not a record:\n\x1b[2J \ud800 b" + "a" * 999, key="nøkkel")
    labelled = msgspec.structs.replace(event("read", data=b"{}"), labels=labels_of(letter))
    kafka.open().publish(SINGLE, [labelled])
    record = first_record(kafka, SINGLE)
    found = {name: value.decode() for name, value in record.headers if name.startswith("dlq-")}
    reason = found.pop("dlq-reason")
    assert reason.startswith("not a record: ?[2J ? ba")
    assert len(reason) == 500
    assert found == {
        "dlq-original-topic": "pages",
        "dlq-original-partition": "3",
        "dlq-original-offset": "17",
        "dlq-original-key": "nøkkel",
        "dlq-error-class": "Reject",
        "dlq-attempts": "1",
        "dlq-failed-at": "2026-03-01T12:00:00+00:00",
        "dlq-stage": "read",
        "dlq-code-version": "0.1.0",
    }


def test_an_event_of_sixteen_mebibytes_passes(kafka: Kafka) -> None:
    bus = kafka.open()
    data = os.urandom(DEAD.max_event_bytes)
    bus.publish(SINGLE, [event("small"), event("largest", data=data), event("last")])
    assert [each.event.data for each in drain(bus, "g", SINGLE)] == [b"{}", data, b"{}"]


def test_a_key_beyond_all_reason_is_refused_and_counted(kafka: Kafka) -> None:
    bus = kafka.open()
    bus.publish(SINGLE, events(1))
    count = REFUSED_EVENTS.labels(topic=SINGLE, reason="too-large")._value
    before = count.get()
    huge = event(os.urandom(9_000_000).hex(), data=b"{}")
    with pytest.raises(Reject, match="too large for topic dead"):
        bus.publish(SINGLE, [huge])
    assert count.get() == before + 1
    bus.publish(SINGLE, events(1))
    assert left(bus, "g", SINGLE) == 2


def test_topics_are_made_as_they_are_defined(kafka: Kafka) -> None:
    bus = kafka.open()
    for topic in TOPICS:
        assert bus.lag("g", topic)
    with admin(kafka.server) as client:
        for kind in TOPICS.values():
            name = f"{kafka.prefix}.{kind.name}"
            [found] = client.describe_topics([name])
            assert len(found["partitions"]) == kind.partitions
            kept = settings_of(client, name)["retention.ms"]
            days = kind.retention.days if kind.retention else None
            assert kept == ("-1" if days is None else str(days * 86_400_000))


def settings_of(client: Any, name: str) -> dict[str, str]:
    found = client.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all"
    )
    return {key: each["value"] for key, each in found["topic"][name].items()}


def test_a_topic_for_smaller_messages_is_refused_with_the_remedy(kafka: Kafka) -> None:
    name = f"{kafka.prefix}.pages"
    with admin(kafka.server) as client:
        configs = {"max.message.bytes": "1000000"}
        client.create_topics({name: {"num_partitions": 12, "configs": configs}})
    remedy = rf"{name} takes messages of 1000000 bytes, 9437184 .*--add-config max.message.bytes"
    with pytest.raises(UserError, match=remedy):
        kafka.open().publish("pages", events(1))


def test_a_topic_that_forgets_is_used_with_a_warning(
    kafka: Kafka, caplog: pytest.LogCaptureFixture
) -> None:
    name = f"{kafka.prefix}.pages"
    configs = {"max.message.bytes": "20000000", "retention.ms": "3600000"}
    with admin(kafka.server) as client:
        client.create_topics({name: {"num_partitions": 14, "configs": configs}})
    assert len(kafka.open().lag("g", "pages")) == 14
    assert f"topic {name} drops events (retention.ms=3600000" in caplog.text


def test_an_address_where_nobody_is_means_try_later(
    unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_client, "CONNECT_SECONDS", 0.5)
    with refused_sockets(), KafkaBus(f"kafka://127.0.0.1:{unused_port}") as bus:
        calls: list[Callable[[], object]] = [
            lambda: bus.publish(SINGLE, events(1)),
            lambda: bus.poll("g", SINGLE),
            lambda: bus.read(Slice(SINGLE, 0, 0, 1)),
            lambda: bus.lag("g", SINGLE),
            lambda: bus.offsets_for(SINGLE, NOON),
        ]
        for call in calls:
            started = time.monotonic()
            with pytest.raises(TryLater, match=rf"kafka://127.0.0.1:{unused_port} does not"):
                call()
            assert time.monotonic() - started < 5
    assert [each.name for each in threading.enumerate() if "kafka" in each.name] == []


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def test_a_static_member_comes_back_to_its_partitions_at_once(kafka: Kafka) -> None:
    with kafka.open("one") as one:
        one.publish(SINGLE, events(20))
        first, second = poll(one, "g", SINGLE, most=10, slices=2)
        one.commit("g", first)
        before = generation(one)
    with kafka.open("one") as again:
        assert poll(again, "g", SINGLE, most=10) == [second]
        assert generation(again) == before


def generation(bus: KafkaBus) -> int:
    return int(bus._memberships["g", SINGLE]._consumer.group_metadata().generation_id)


def test_two_members_with_one_name_are_told(kafka: Kafka) -> None:
    with kafka.open("one") as one, kafka.open("one") as other:
        one.publish(SINGLE, events(1))
        poll(one, "g", SINGLE)
        poll(other, "g", SINGLE)
        with pytest.raises(UserError, match=r"another process is member 'one.dead' of group g"):
            wait_until(lambda: bool(one.poll("g", SINGLE)))
