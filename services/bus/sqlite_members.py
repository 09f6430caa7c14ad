"""Whether another member of a group is alive: its process tells, not its diligence.

A member is live while its process is, known by number and start time, so that what a killed
process held is handed out at once and a slow one loses nothing. Where that cannot be seen
(another container on the same file, a system without ``/proc``) a lease that each call
renews decides.
"""

import os
from pathlib import Path
from typing import NamedTuple

LEASE_SECONDS = 120
RENEW_SECONDS = 10

_PROC = Path("/proc")


class Process(NamedTuple):
    """A process, told from all others that ever ran on this machine."""

    boot: str
    """The start of the machine; empty where it is not known."""
    space: str
    """The space of process numbers (a container has its own); empty where it is not known."""
    pid: int
    started: str
    """Clock ticks from the start of the machine; empty where it is not known."""


class Member(NamedTuple):
    """A member as the file knows it."""

    id: int
    process: Process
    seen: int
    """Unix time in seconds of a recent call, at most ``RENEW_SECONDS`` behind its last."""
    seated: bool
    """Whether it polls the topic for the group that is looked at."""


def this_process() -> Process:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        space = str((_PROC / "self/ns/pid").readlink())
    except OSError:
        boot = space = ""
    return Process(boot, space, os.getpid(), _started(os.getpid()) or "")


def is_live(member: Member, here: Process, now: int) -> bool:
    """Whether ``member`` may still work on what it holds, seen from the process ``here``."""
    there = member.process
    if there.boot != here.boot:
        return False
    if there.space != here.space:
        return is_recent(member, now)
    if there.started:
        return _started(there.pid) == there.started
    return _exists(there.pid) and is_recent(member, now)


def is_recent(member: Member, now: int) -> bool:
    """Whether a member called within the lease; one that does not call needs no share."""
    return abs(now - member.seen) < LEASE_SECONDS


def _started(pid: int) -> str | None:
    """A running process's start; None when it is gone or only waits to be reaped."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The command's name, in parentheses, may itself hold spaces and parentheses; see proc(5).
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZXx" else fields[18]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
