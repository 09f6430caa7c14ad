"""What a server is to the devstack."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy.devstack.account import Account
from deploy.devstack.errors import DevstackError
from deploy.devstack.software import Software

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Place:
    """Where one server of one instance lives."""

    folder: Path
    ports: Mapping[str, int]
    account: Account
    software: Software

    @property
    def port(self) -> int:
        """The port that clients use."""
        return self.ports["clients"]

    def write(self, name: str, text: str) -> Path:
        """A file in the server's folder."""
        path = self.folder / name
        path.write_text(text)
        return path

    def run(self, launch: "Launch", stdin: str = "") -> None:
        """Run a program of the server to its end, as its account."""
        done = subprocess.run(
            launch.command,
            env=launch.environment(),
            cwd=self.folder,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            **self.account.switch_options(),
        )
        if done.returncode:
            lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
            raise DevstackError(f"{Path(launch.command[0]).name} failed: {lines[-1]}")


@dataclass(frozen=True)
class Launch:
    """A command and what its environment holds besides the path."""

    command: list[str]
    env: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The whole of it: nothing of the developer's shell changes a server."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **self.env}


class Server(Protocol):
    """One kind of server. All its methods may be repeated."""

    name: str
    ports: tuple[str, ...]
    needs: tuple[str, ...]
    fetched: bool
    stop_signal: signal.Signals

    def prepare(self, place: Place) -> None:
        """Make what the server needs in its folder."""

    def launch(self, place: Place) -> Launch:
        """How it is started; it stays in the foreground."""

    def answers(self, place: Place) -> bool:
        """Whether it serves clients now."""

    def exports(self, port: int) -> dict[str, str]:
        """The variables that name it: Beatwire's setting and the tests'."""


@contextlib.contextmanager
def connection(port: int) -> Iterator[socket.socket]:
    """A connection to a server on this machine that waits at most two seconds."""
    with socket.create_connection((LOOPBACK, port), timeout=2) as sock:
        yield sock
