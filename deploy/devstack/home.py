"""The folder of one instance: its ports, its processes, its logs, its data."""

import contextlib
import fcntl
import hashlib
import json
import random
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.devstack import processes
from deploy.devstack.account import Account
from deploy.devstack.errors import DevstackError

# Below the range that the system hands out to clients, so that nobody's outgoing connection takes
# the port of a server that is down for a moment.
PORTS = range(20_000, 32_000)

# Where root's servers keep their data when they may not enter the home: named after the home.
ELSEWHERE = Path("/var/lib/beatwire-devstack")


@dataclass(frozen=True)
class Started:
    """A process that this instance started.

    ``kept`` tells one that ``up`` asked for, and that only ``stop`` ends, from one that ``run``
    brought up for as long as its command takes.
    """

    pid: int
    identity: str
    kept: bool = True

    @property
    def runs(self) -> bool:
        """Whether that very process is still there."""
        return processes.identity(self.pid) == self.identity

    @property
    def may_have_left(self) -> bool:
        """Whether processes of its session can be its own: its id was not given away since."""
        same_boot = self.identity.startswith(processes.boot())
        return same_boot and processes.identity(self.pid) in {None, self.identity}


@dataclass
class State:
    """What ``state.json`` holds, by server.

    ``lasting`` once ``up`` was used: the data is somebody's, and stays until ``reset``.
    """

    ports: dict[str, dict[str, int]] = field(default_factory=dict)
    processes: dict[str, Started] = field(default_factory=dict)
    lasting: bool = False

    def dumps(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def loads(cls, text: str) -> "State":
        """Back from JSON."""
        raw = json.loads(text)
        processes = {server: Started(**row) for server, row in raw["processes"].items()}
        return cls(raw["ports"], processes, raw["lasting"])


class Home:
    """Reads and writes ``state.json``; a change is made under ``lock()``."""

    def __init__(self, folder: Path, account: Account) -> None:
        self.folder = folder
        self.data = folder / "data"
        self._elsewhere = not account.can_reach(self.data)
        if self._elsewhere:
            mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
            self.data = ELSEWHERE / mark
        self._state = folder / "state.json"
        # The servers of one ``up`` are started by threads, and each is noted.
        self._noting = threading.Lock()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """One command changes an instance at a time; the others wait."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def use(self) -> Iterator[None]:
        """Held by each ``run``; see ``is_in_use``."""
        with self._users().open("w") as held:
            fcntl.flock(held, fcntl.LOCK_SH)
            yield

    def is_in_use(self) -> bool:
        """Whether a ``run`` goes on, so that its servers must stay."""
        with self._users().open("w") as probe:
            try:
                fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def exists(self) -> bool:
        """Whether anything was brought up here."""
        return self._state.exists()

    def clear_leftovers(self) -> None:
        """Drop the data of an earlier folder of the same name, where the data is kept elsewhere."""
        if not self.exists() and self._elsewhere:
            shutil.rmtree(self.data, ignore_errors=True)

    def ports(self, server: str, names: tuple[str, ...]) -> dict[str, int]:
        """The server's ports: chosen once, then kept, so that clients find it again."""
        state = self._read()
        if server not in state.ports:
            taken = {port for ports in state.ports.values() for port in ports.values()}
            state.ports[server] = dict(zip(names, free_ports(len(names), taken), strict=True))
            self._write(state)
        return state.ports[server]

    def started(self, server: str) -> Started | None:
        """The process that ``up`` started last for this server."""
        return self._read().processes.get(server)

    def state(self) -> State:
        """All of it, as it is now."""
        return self._read()

    def running(self, server: str) -> Started | None:
        """The server's process, if it runs."""
        started = self.started(server)
        return started if started and started.runs else None

    def note(self, server: str, started: Started) -> None:
        """Remember what was started."""
        with self._noting:
            state = self._read()
            state.processes[server] = started
            state.lasting = state.lasting or started.kept
            self._write(state)

    def log(self, server: str) -> Path:
        """Where the server's output goes."""
        return self.folder / "logs" / f"{server}.log"

    def delete(self) -> None:
        """Remove data, logs and state; downloaded software stays."""
        if not self.exists():
            return
        for folder in (self.data, self.folder / "data", self.folder / "logs"):
            shutil.rmtree(folder, ignore_errors=True)
        if self._elsewhere:
            with contextlib.suppress(OSError):
                ELSEWHERE.rmdir()
        self._state.unlink()

    def _users(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / "users"

    def _read(self) -> State:
        try:
            return State.loads(self._state.read_text())
        except FileNotFoundError:
            return State()

    def _write(self, state: State) -> None:
        fresh = self._state.with_suffix(".new")
        fresh.write_text(state.dumps())
        fresh.replace(self._state)


def free_ports(count: int, taken: set[int]) -> list[int]:
    """Ports that nothing listens on, in random order so that two instances seldom meet."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        if len(found) == count:
            return found
        if port not in taken and is_free(port):
            found.append(port)
    raise DevstackError("no free port between 20000 and 32000; stop what holds them")


def is_free(port: int) -> bool:
    """Whether a server could listen on it now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
