"""The processes that a soak works with: ``beatwire work``, and more workers beside it."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.support.processes import family, wait_until
from tests.support.tree import ROOT

FAMILY = ("services.cli", "work")
CHILDREN = 2
"""Of the family's Celery worker: while one waits for a server, the other one works."""
WORKER = (
    *("celery", "-A", "services.workers.app", "worker", "--concurrency", "1"),
    *("--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
)
DISPATCHERS = ("read", "index", "alert")
EXTRA = ("worker-2", "read-2", "worker-3", "read-3")
"""Workers, and dispatchers of ``read``, that come and go beside those of the family."""
START_SECONDS = 180.0
END_SECONDS = 90.0


class Member(NamedTuple):
    role: str
    pid: int


class Crew:
    """Everybody that works. What the family loses, its own supervisor starts again."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._dice = random.Random(f"crew of {seed}")
        self._family: subprocess.Popen[bytes] | None = None
        self._starting = False
        self._extra: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Returns when everybody is there. A family that gives up is started again meanwhile.

        So does whatever starts it on a server, where Kafka may not be ready yet.
        """
        wanted = {*DISPATCHERS, "worker", "child"}

        def is_there() -> bool:
            if self._family is None or self._family.poll() is not None:
                self._family = self._open("family", FAMILY)
            return wanted <= {member.role for member in self.members()}

        self._starting = True
        wait_until(is_there, START_SECONDS, f"for {sorted(wanted)}; see {self._folder}/family.log")
        self._starting = False

    def members(self) -> list[Member]:
        """Who runs now, by role; the roots first."""
        return [member for root in self._roots() for member in _members(root.pid)]

    def fell(self) -> int | None:
        """The exit code of a family that ended although nobody told it to."""
        return None if self._starting or self._family is None else self._family.poll()

    def hit(self, role: str, number: signal.Signals) -> None:
        """Send a signal to one of a role, and wait until the role is as often there as before.

        A worker that is killed takes its children with it; ended in order, it sees to them itself.
        """
        wait_until(lambda: bool(self._of(role)), START_SECONDS, f"for a {role}")
        before = [member.pid for member in self._of(role)]
        victim = self._dice.choice(before)
        doomed = family(victim) if number is signal.SIGKILL and role == "worker" else [victim]
        for pid in reversed(doomed):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        self._replace(victim)

        def is_back() -> bool:
            now = [member.pid for member in self._of(role)]
            return victim not in now and len(now) >= len(before)

        wait_until(is_back, START_SECONDS, f"for a new {role}")

    def restart(self) -> None:
        """The family ends in good order, and starts anew."""
        old, self._family = self._family, None
        if old is not None:
            _end([old])
        self.start()

    def any_dispatcher(self) -> str:
        return self._dice.choice(DISPATCHERS)

    def more(self) -> None:
        """Workers and dispatchers of ``read`` come in beside the family's."""
        self._extra = {name: self._open(name, _command(name)) for name in EXTRA}
        more = len(EXTRA) // 2
        wait_until(
            lambda: len(self._of("child")) == CHILDREN + more and len(self._of("read")) == 1 + more,
            START_SECONDS,
            "for more workers",
        )

    def fewer(self) -> None:
        """Those go again, in good order."""
        extra, self._extra = self._extra, {}
        _end(extra.values())

    def end(self) -> list[int]:
        """SIGTERM to everybody; the exit codes."""
        everybody = self._roots()
        self._family, self._extra = None, {}
        return _end(everybody)

    def close(self) -> None:
        """Nobody is left, whatever happened before."""
        for process in self._roots():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _roots(self) -> "list[subprocess.Popen[bytes]]":
        family = [self._family] if self._family is not None else []
        return [*family, *self._extra.values()]

    def _of(self, role: str) -> list[Member]:
        return [member for member in self.members() if member.role == role]

    def _replace(self, pid: int) -> None:
        """Start one of those beside the family again, which nobody else does."""
        for name, process in self._extra.items():
            if process.pid == pid:
                process.wait(END_SECONDS)
                self._extra[name] = self._open(name, _command(name))

    def _open(self, name: str, command: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        with (self._folder / f"{name}.log").open("ab") as log:
            # Standard input is the tie: nobody outlives the run, however it ends.
            return subprocess.Popen(
                [sys.executable, "-m", "services.tied", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=ROOT,
            )


@contextmanager
def crew(folder: Path, seed: int) -> Iterator[Crew]:
    """A crew whose members are all gone at the end."""
    found = Crew(folder, seed)
    try:
        found.start()
        yield found
    finally:
        found.close()


def _command(name: str) -> tuple[str, ...]:
    role = name.partition("-")[0]
    return (*FAMILY, role) if role in DISPATCHERS else (*WORKER, "--hostname", f"{name}@%h")


def _end(processes: "Collection[subprocess.Popen[bytes]]") -> list[int]:
    for process in processes:
        process.terminate()
    return [_code(process) for process in processes]


def _code(process: "subprocess.Popen[bytes]") -> int:
    """The exit code, which tells of a kill where an end in good order took too long."""
    try:
        return process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def _members(root: int) -> Iterator[Member]:
    celery: set[int] = set()
    for pid in family(root):
        words = _words(pid)
        role = role_of(words, _parent(pid) in celery)
        if "celery" in words:
            celery.add(pid)
        if role:
            yield Member(role, pid)


def role_of(words: list[str], under_celery: bool) -> str:
    """What a process is, by its command line; "" for one that is of no interest."""
    if "celery" in words:
        return "child" if under_celery else "worker"
    if "deliver" in words:
        return "deliver"
    if "work" in words:
        after = words[words.index("work") + 1 :]
        return after[0] if after else "family"
    return ""


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def _parent(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])
