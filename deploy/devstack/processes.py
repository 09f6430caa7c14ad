"""Processes by their identity: a process id alone may belong to another program tomorrow.

A server is the leader of its own session. Its members are that session and all that descends from
the leader, since PostgreSQL's workers lead sessions of their own.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
BURIAL = 10.0


@dataclass(frozen=True)
class Process:
    """One row of ``/proc``; ``started`` is in clock ticks since the machine's start."""

    pid: int
    state: str
    parent: int
    session: int
    started: int


def parse_stat(text: str) -> Process:
    """Read ``/proc/PID/stat``; the command in brackets may itself hold brackets and spaces."""
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    return Process(
        pid=int(head.split("(")[0]),
        state=fields[0],
        parent=int(fields[1]),
        session=int(fields[3]),
        started=int(fields[19]),
    )


def processes() -> list[Process]:
    """All that run now; those that have ended and wait for their parent are left out."""
    found = []
    for entry in PROC.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            found.append(parse_stat(entry.read_text()))
    return [process for process in found if process.state not in "ZX"]


def identity(pid: int) -> str | None:
    """What tells a process from a later one with the same id, or None where none runs."""
    try:
        process = parse_stat((PROC / str(pid) / "stat").read_text())
    except OSError:
        return None
    return None if process.state in "ZX" else f"{boot()}:{process.started}"


def boot() -> str:
    """Which start of the machine this is."""
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def is_paused(pid: int) -> bool:
    """Whether a process was frozen with ``SIGSTOP``."""
    return any(process.pid == pid and process.state == "T" for process in processes())


def members(leader: int, table: Iterable[Process]) -> list[int]:
    """A server's processes, the leader first where it still runs."""
    table = list(table)
    found = [p.pid for p in table if p.pid == leader]
    found += [p.pid for p in table if p.session == leader and p.pid != leader]
    for pid in found:
        found += [p.pid for p in table if p.parent == pid and p.pid not in found]
    return found


def send(pids: Iterable[int], what: signal.Signals) -> None:
    """Signal each; one that has ended meanwhile needs none."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, what)


def kill(leader: int) -> None:
    """End a server at once, and wait until nothing of it is left."""
    ended: set[int] = {leader}
    while left := members(leader, processes()):
        ended |= set(left)
        send(left, signal.SIGKILL)
        time.sleep(0.02)
    wait_until_buried(ended)


def wait_until_buried(pids: Iterable[int]) -> None:
    """Wait until the ids of ended processes are free; at most some seconds.

    Some machines' first process takes its time over that, and PostgreSQL does not start again
    while the id of its predecessor looks alive.
    """
    deadline = time.monotonic() + BURIAL
    for pid in pids:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        while (PROC / str(pid)).exists() and time.monotonic() < deadline:
            time.sleep(0.02)


def stop(leader: int, what: signal.Signals, seconds: float) -> None:
    """Ask a server to end; what still runs after ``seconds`` is killed."""
    send(members(leader, processes()), signal.SIGCONT)
    send([leader], what)
    deadline = time.monotonic() + seconds
    while members(leader, processes()) and time.monotonic() < deadline:
        time.sleep(0.05)
    kill(leader)
