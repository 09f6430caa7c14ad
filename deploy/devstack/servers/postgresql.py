"""PostgreSQL with one role and one database, both named ``beatwire``, trusted on loopback."""

import signal
from pathlib import Path

from deploy.devstack import programs
from deploy.devstack.errors import DevstackError
from deploy.devstack.servers.base import LOOPBACK, Launch, Place, Server

ROLE = "beatwire"

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "on",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgresql(Server):
    """Keeps every commit (``fsync``), as the one in production does."""

    name = "postgresql"
    ports = ("clients",)
    needs = (programs.POSTGRESQL,)
    fetched = False
    # Fast shutdown: open connections are closed rather than waited for.
    stop_signal = signal.SIGINT

    def prepare(self, place: Place) -> None:
        """Make the cluster, once, and the database in it."""
        cluster = place.folder / "cluster"
        if cluster.exists():
            return
        fresh = place.folder / "fresh"
        options = ["--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
        place.run(Launch([program("initdb"), *options, "--pgdata", str(fresh)]))
        single = [program("postgres"), "--single", "-D", str(fresh), "postgres"]
        place.run(Launch(single), stdin=f"CREATE DATABASE {ROLE}\n")
        fresh.rename(cluster)

    def launch(self, place: Place) -> Launch:
        """See the base."""
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        cluster = str(place.folder / "cluster")
        return Launch([program("postgres"), "-D", cluster, "-p", str(place.port), *options])

    def answers(self, place: Place) -> bool:
        """See the base."""
        options = ["-h", LOOPBACK, "-p", str(place.port), "-U", ROLE, "-t", "2"]
        try:
            place.run(Launch([program("pg_isready"), *options]))
        except DevstackError:
            return False
        return True

    def exports(self, port: int) -> dict[str, str]:
        """See the base."""
        server = f"postgresql://{ROLE}@{LOOPBACK}:{port}"
        return {"BEATWIRE_STORE": f"{server}/{ROLE}", "TEST_POSTGRESQL": f"{server}/postgres"}


def program(name: str) -> str:
    """One of PostgreSQL's programs, all from one folder."""
    return str((programs.find_postgresql() or Path()) / name)
