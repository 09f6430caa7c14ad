"""Harm as it is done: one at a time, in a thread of its own, so that the load goes on."""

import signal
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import redis

from services.settings import load_settings
from services.topics import ARTICLES, PAGES
from tests.support.kafka import admin
from tests.support.servers import PrivateServers
from tests.support.soak.crew import Crew
from tests.support.soak.plan import Fault

PARTITIONS = 24
GROWN = (PAGES, ARTICLES)
"""What the live stages take."""


class Window(msgspec.Struct, frozen=True):
    """A fault, from its first moment until everything was worked off that came before its end."""

    harm: str
    published: int
    """Events published when it began."""
    start: datetime
    back: datetime
    """When what was harmed ran again."""
    over: datetime

    @property
    def seconds(self) -> float:
        return (self.over - self.start).total_seconds()

    @property
    def recovery(self) -> float:
        """Seconds from when what was harmed ran again until all that came before was worked off."""
        return (self.over - self.back).total_seconds()


class Harmer:
    """Does faults, and knows which one is not over yet."""

    def __init__(self, servers: PrivateServers, crew: Crew, outage: float) -> None:
        """``outage``: seconds that a server stays away."""
        self._servers, self._crew, self._outage = servers, crew, outage
        self._fault: Fault | None = None
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._start = self._back = datetime.now(UTC)
        self._published = 0
        self.windows: list[Window] = []

    @property
    def in_hand(self) -> Fault | None:
        """The fault that is not over; None when all is well."""
        return self._fault

    @property
    def seconds(self) -> float:
        """Since the last fault began."""
        return (datetime.now(UTC) - self._start).total_seconds()

    def begin(self, fault: Fault, published: int) -> None:
        self._fault, self._published, self._start = fault, published, datetime.now(UTC)
        self._thread = threading.Thread(target=self._do, args=(fault.harm,), name=fault.harm)
        self._thread.start()

    def look(self, oldest: datetime | None) -> Window | None:
        """Whether the fault in hand is over, by the time of the oldest event that waits anywhere.

        None of those means that nothing waits. Raises what kept the fault from being done.
        """
        if self._fault is None or self._thread is None or self._thread.is_alive():
            return None
        if self._error:
            raise self._error
        if oldest is not None and oldest <= self._back:
            return None
        over = datetime.now(UTC)
        window = Window(self._fault.harm, self._published, self._start, self._back, over)
        self.windows.append(window)
        self._fault = None
        return window

    def join(self) -> None:
        """Wait for what is being done."""
        if self._thread is not None:
            self._thread.join()

    def _do(self, harm: str) -> None:
        try:
            self._deeds()[harm]()
        except BaseException as error:  # told to the main thread, which ends the run
            self._error = error
        self._back = datetime.now(UTC)

    def _deeds(self) -> dict[str, Callable[[], None]]:
        hit, crew = self._crew.hit, self._crew
        return {
            "end-worker": lambda: hit("worker", signal.SIGTERM),
            "kill-worker": lambda: hit("worker", signal.SIGKILL),
            "kill-child": lambda: hit("child", signal.SIGKILL),
            "end-dispatcher": lambda: hit(crew.any_dispatcher(), signal.SIGTERM),
            "kill-dispatcher": lambda: hit(crew.any_dispatcher(), signal.SIGKILL),
            "restart-all": crew.restart,
            "wipe-redis": _wipe,
            "kill-kafka": self._kill_kafka,
            "restart-elasticsearch": self._restart_elasticsearch,
            "more-workers": crew.more,
            "fewer-workers": crew.fewer,
            "more-partitions": self._grow,
        }

    def _kill_kafka(self) -> None:
        self._servers.kill("kafka")
        time.sleep(self._outage)
        self._servers.up("kafka")

    def _restart_elasticsearch(self) -> None:
        self._servers.stop("elasticsearch")
        time.sleep(self._outage)
        self._servers.up("elasticsearch")

    def _grow(self) -> None:
        server, _, prefix = load_settings().bus.rpartition("/")
        with admin(server) as client:
            client.create_partitions({f"{prefix}.{each.name}": PARTITIONS for each in GROWN})


def _wipe() -> None:
    with redis.Redis.from_url(load_settings().broker) as client:
        client.flushall()
