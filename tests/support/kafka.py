"""Kafka in tests: prefixes of their own, quick groups, and what was made removed at the end."""

import gc
import logging
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from kafka import KafkaAdminClient

from services.bus import kafka_group, kafka_trial
from services.bus.kafka import KafkaBus
from services.bus.kafka_address import parse
from tests.support import processes

wait_until = partial(processes.wait_until, seconds=30.0)


class Kafka:
    """A server in the hands of a test; ``address`` ends in a prefix."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.address = f"{server}/{uuid.uuid4().hex[:8]}"
        self.opened: list[KafkaBus] = []

    @property
    def prefix(self) -> str:
        return self.address.rpartition("/")[2]

    def open(self, member: str = "") -> KafkaBus:
        self.opened.append(KafkaBus(self.address, member))
        return self.opened[-1]

    def close(self) -> None:
        for bus in self.opened:
            bus.close()


@contextmanager
def admin(server: str) -> Iterator[KafkaAdminClient]:
    client = KafkaAdminClient(bootstrap_servers=server.removeprefix("kafka://").split(","))
    try:
        yield client
    finally:
        client.close()


def remove(server: str, prefixes: set[str]) -> None:
    """Remove the topics and groups of these prefixes."""
    for prefix in prefixes:
        kafka_trial.remove(parse(f"{server}/{prefix}"))


def quick_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members notice each other, and the dead, in fractions of the usual time."""
    monkeypatch.setattr(kafka_group, "HEARTBEAT_SECONDS", 0.2)
    monkeypatch.setattr(kafka_group, "KEEP_SECONDS", 0.1)
    monkeypatch.setattr(kafka_group, "SESSION_SECONDS", 6.0)


def partitions_of(bus: KafkaBus, group: str, topic: str) -> list[int]:
    """What the member has been assigned."""
    return bus._memberships[group, topic]._hand.partitions


def settle(group: str, topic: str, *members: KafkaBus, partitions: int) -> None:
    """Poll an empty topic until the members share all its partitions, each with some."""

    def shared() -> bool:
        for bus in members:
            assert bus.poll(group, topic) == []
        had = [partitions_of(bus, group, topic) for bus in members]
        return all(had) and sorted(each for one in had for each in one) == [*range(partitions)]

    wait_until(shared)


@contextmanager
def refused_sockets() -> Iterator[None]:
    """For tests in which nobody answers: kafka-python leaves refused sockets to the collector.

    Its log would keep them alive, with the errors that it shows.
    """
    log = logging.getLogger("kafka")
    level = log.level
    log.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        finally:
            log.setLevel(level)
            gc.collect()
