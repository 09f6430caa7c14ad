"""A cluster that has only just started, as the admin client of a log meets it."""

from types import SimpleNamespace
from unittest.mock import patch

import pytest
from kafka import TopicPartition
from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaError,
    NotCoordinatorError,
)

from services.bus import kafka_topics
from services.bus.kafka_address import parse
from services.bus.kafka_topics import Admin

AT = TopicPartition("x.pages", 0)


class Starting:
    """Refuses once, then knows a position."""

    def __init__(self, error: type[KafkaError]) -> None:
        self.errors = [error("starting")]

    def list_group_offsets(self, asked: dict[str, list[TopicPartition]]) -> object:
        if self.errors:
            raise self.errors.pop()
        return {group: {AT: SimpleNamespace(offset=7)} for group in asked}


@pytest.mark.parametrize(
    "error", [CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError]
)
def test_the_first_group_of_a_cluster_is_waited_for(error: type[KafkaError]) -> None:
    with patch.object(kafka_topics, "connect", lambda *_: Starting(error)):
        admin = Admin(parse("kafka://127.0.0.1:9/x"))
    assert admin.committed("x.read", [AT]) == {0: 7}
