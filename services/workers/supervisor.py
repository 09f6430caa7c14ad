"""Keeps a family of processes: starts them, restarts what dies, ends them all on a signal."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

import msgspec

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
GRACE_SECONDS = 25.0
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
FATAL = frozenset({2, 75, 78})
"""Wrong usage, a lock that another holds, wrong settings: starting again would not help."""
ENDING = frozenset({0, 1})
"""With ``once``: done, or stopped by what a person has to mend."""


class Member(msgspec.Struct, frozen=True):
    """A process of the family: its name in the log, the module that it runs, its arguments."""

    name: str
    module: str
    args: tuple[str, ...] = ()
    silent: bool = False
    """Whether its standard output, meant for programs, goes nowhere; messages always show."""
    helper: bool = False
    """Whether it only serves other members: a family of helpers alone has nothing to do."""


class Child:
    """A running member and its history of failures."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.wait = 0.0
        self.restart_at: float | None = None
        self.start()

    def start(self) -> None:
        self.restart_at = None
        self.started_at = time.monotonic()
        command = [sys.executable, "-m", "services.tied", self.member.module, *self.member.args]
        # Standard input is the tie: it closes when this process dies.
        out = subprocess.DEVNULL if self.member.silent else None
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out)

    def plan_restart(self) -> None:
        """Wait longer after each quick death."""
        lived = time.monotonic() - self.started_at
        self.wait = FIRST_WAIT_SECONDS if lived > HEALTHY_SECONDS else self.wait * 2
        self.wait = min(max(self.wait, FIRST_WAIT_SECONDS), LONGEST_WAIT_SECONDS)
        self.restart_at = time.monotonic() + self.wait

    def close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()


def supervise(
    members: Sequence[Member],
    stop: threading.Event,
    *,
    once: bool = False,
    beat: Callable[[], None] = lambda: None,
) -> int:
    """Run the family until ``stop`` is set; the exit code of the whole.

    A member that dies is started again. With ``once``, a member that ends with 0 stays ended and
    the family ends with its last member. A member that cannot run (``FATAL``, with ``once`` also 1)
    ends the family. ``beat`` is told of every look.
    """
    children = [Child(member) for member in members]
    code = 0
    try:
        while not stop.wait(LOOK_SECONDS) and not all(each.member.helper for each in children):
            beat()
            for child in list(children):
                ended = _look(child, once=once)
                if ended is not None:
                    children.remove(child)
                    code = max(code, ended)
                    if ended:
                        stop.set()
    finally:
        _end(children)
    return code


def _look(child: Child, *, once: bool) -> int | None:
    """Restart a child when it is due; its exit code when it is to stay ended."""
    if child.restart_at is not None:
        if time.monotonic() >= child.restart_at:
            child.start()
        return None
    code = child.process.poll()
    if code is None:
        return None
    child.close()
    if code in FATAL or (once and code in ENDING):
        return code
    child.plan_restart()
    log.warning("%s ended with %s; again in %.1f s", child.member.name, code, child.wait)
    return None


def _end(children: Sequence[Child]) -> None:
    running = [child for child in children if child.process.poll() is None]
    for child in running:
        child.process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in running:
        try:
            child.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.warning("%s did not stop in time and is killed", child.member.name)
            child.process.kill()
            child.process.wait()
        child.close()


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set; the second signal ends the process at once."""
    stop = threading.Event()
    signals: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        # Not ``stop``: a member that failed sets it too.
        if signals:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        signals.append(number)
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    return stop
