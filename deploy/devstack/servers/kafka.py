"""Kafka in one process: broker and controller (KRaft)."""

import base64
import signal
import struct
import uuid

from deploy.devstack import programs
from deploy.devstack.servers.base import LOOPBACK, Launch, Place, Server, connection

LARGEST_EVENT = 24 * 1024 * 1024

CONFIG = f"""\
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://{LOOPBACK}:%(clients)d,CONTROLLER://{LOOPBACK}:%(controller)d
controller.listener.names=CONTROLLER
controller.quorum.voters=1@{LOOPBACK}:%(controller)d
log.dirs=%(folder)s/log
auto.create.topics.enable=false
message.max.bytes={LARGEST_EVENT}
replica.fetch.max.bytes={LARGEST_EVENT}
# One broker: the topics of its own that hold offsets and transactions have one copy, and few parts.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=5
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# Tests start consumers and kill them all the time, and wait for neither.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
# The cleaner's default buffer is a quarter of this small heap.
log.cleaner.dedupe.buffer.size=16777216
"""

LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
"""


class Kafka(Server):
    """Its storage is formatted once, with a cluster id of its own."""

    name = "kafka"
    ports = ("clients", "controller")
    needs = (programs.JAVA,)
    fetched = True
    stop_signal = signal.SIGTERM

    def prepare(self, place: Place) -> None:
        """Write the settings, and format the storage once."""
        place.account.own(place.folder / "tmp")
        config = place.write(
            "server.properties", CONFIG % {**place.ports, "folder": str(place.folder)}
        )
        place.write("log4j2.properties", LOGGING)
        if not (place.folder / "log/meta.properties").exists():
            cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
            words = ["format", "--ignore-formatted", "--cluster-id", cluster]
            place.run(self._java(place, "128m", "kafka.tools.StorageTool", *words, "-c", config))

    def launch(self, place: Place) -> Launch:
        """See the base."""
        return self._java(place, "512m", "kafka.Kafka", place.folder / "server.properties")

    def answers(self, place: Place) -> bool:
        """See the base."""
        with connection(place.port) as sock:
            sock.sendall(metadata_request())
            return brokers_in(sock.recv(4096)) > 0

    def exports(self, port: int) -> dict[str, str]:
        """See the base."""
        address = f"kafka://{LOOPBACK}:{port}"
        return {"BEATWIRE_BUS": address, "TEST_KAFKA": address}

    def _java(self, place: Place, heap: str, *words: object) -> Launch:
        options = [
            f"-Xms{heap}",
            f"-Xmx{heap}",
            "-XX:+ExitOnOutOfMemoryError",
            # The simple compiler and collector halve the work of a start, and of short runs too.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            f"-Djava.io.tmpdir={place.folder / 'tmp'}",
            f"-Dlog4j2.configurationFile={place.folder / 'log4j2.properties'}",
        ]
        path = ["-cp", f"{place.software.kafka}/*"]
        return Launch([str(programs.find_java()), *options, *path, *map(str, words)])


def metadata_request() -> bytes:
    """A Metadata request, version 1, for no topic: which brokers are there?

    https://kafka.apache.org/protocol.html#The_Messages_Metadata
    """
    client = b"devstack"
    header = struct.pack(">hhih", 3, 1, 1, len(client)) + client
    request = header + struct.pack(">i", 0)
    return struct.pack(">i", len(request)) + request


def brokers_in(reply: bytes) -> int:
    """How many brokers the reply names; a broker that is not ready yet is not among them."""
    return int(struct.unpack_from(">i", reply, 8)[0]) if len(reply) >= 12 else 0
