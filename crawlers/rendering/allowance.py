"""What the browser may use for one page; once it is over, nothing more goes through."""

import asyncio
import time

import msgspec

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True):
    """Limits of one page."""

    seconds: float = 30.0
    """From its job to its text; the crawl kills the browser a little later."""
    bytes: int = 20 * MIB
    """In both directions, everything together."""
    connections: int = 200
    at_once: int = 32
    memory: int = 1024 * MIB
    """Of all processes of the browser together, without what is only mapped from files."""


class SpentError(Exception):
    """The page used all that it may use; the message says what."""


class Allowance:
    """One page's; used by one event loop."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.over = ""
        """Why nothing more goes through; empty: something does."""
        self.at_once = asyncio.Semaphore(limits.at_once)
        self._bytes = self._connections = 0
        self._ends = time.monotonic() + limits.seconds
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._ends - time.monotonic())

    def connect(self, task: "asyncio.Task[None]") -> None:
        """A connection begins, which ends with the allowance. Raises SpentError."""
        self._connections += 1
        if self._connections > self.limits.connections:
            self._end(f"it makes more than {self.limits.connections} connections")
        self._check()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def spend(self, count: int) -> None:
        """So many bytes went through. Raises SpentError."""
        self._bytes += count
        if self._bytes > self.limits.bytes:
            self._end(f"it loads more than {self.limits.bytes // MIB} MiB")
        self._check()

    def close(self) -> None:
        """The page is done: its connections are cut."""
        self.over = self.over or "it is done"
        for task in self._tasks:
            task.cancel()

    def _end(self, reason: str) -> None:
        self.over = self.over or reason

    def _check(self) -> None:
        if self.over:
            raise SpentError(self.over)
