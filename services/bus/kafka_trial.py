"""A log for a trial on servers that others use too: its topics and groups are gone at the end."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from secrets import token_hex

from kafka import KafkaAdminClient

from services.bus.kafka_address import Address, parse
from services.bus.kafka_client import answered, connect


@contextmanager
def trial_log(address: str) -> Iterator[str]:
    """The address of an empty log. Raises TryLater when the server is away."""
    own = parse(address)._replace(prefix=f"trial-{token_hex(6)}")
    try:
        yield str(own)
    finally:
        with answered(own):
            remove(own)


def remove(address: Address) -> None:
    """Remove the topics and the groups of a prefix."""
    start = address.name("")
    with closing(connect(KafkaAdminClient, address)) as client:
        groups = [each["group_id"] for each in client.list_groups()]
        if mine := [group for group in groups if group.startswith(start)]:
            client.delete_groups(mine)
        if topics := [topic for topic in client.list_topics() if topic.startswith(start)]:
            client.delete_topics(topics)
