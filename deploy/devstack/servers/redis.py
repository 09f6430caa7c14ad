"""Redis as Celery's broker: nothing depends on its durability, so it keeps nothing on disk."""

import shutil
import signal

from deploy.devstack import programs
from deploy.devstack.servers.base import LOOPBACK, Launch, Place, Server, connection


class Redis(Server):
    """Refuses what does not fit rather than dropping messages (``noeviction``)."""

    name = "redis"
    ports = ("clients",)
    needs = (programs.REDIS,)
    fetched = False
    stop_signal = signal.SIGTERM

    def prepare(self, place: Place) -> None:
        """Nothing: all its settings are in its command."""

    def launch(self, place: Place) -> Launch:
        """See the base."""
        options = {
            "bind": LOOPBACK,
            "port": str(place.port),
            "dir": str(place.folder),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return Launch([shutil.which("redis-server") or "redis-server", *words])

    def answers(self, place: Place) -> bool:
        """See the base."""
        return pings(place.port)

    def exports(self, port: int) -> dict[str, str]:
        """See the base."""
        address = f"redis://{LOOPBACK}:{port}/0"
        return {"BEATWIRE_BROKER": address, "TEST_REDIS": address}


def pings(port: int) -> bool:
    """Whether a Redis serves clients there; raises ``OSError`` where nothing answers."""
    with connection(port) as sock:
        sock.sendall(b"PING\r\n")
        return sock.recv(64).startswith(b"+PONG")
