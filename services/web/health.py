"""Whether this process lives, and whether what it depends on can be used: for probes and people.

What is shown names kinds of servers, never an address: a reason may be read by anyone who can
reach the page. The log of the process has the rest.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock, Thread

import msgspec

from services.errors import TryLater

LIMIT_SECONDS = 2.0
AWAY = "does not answer, or is busy"
SILENT = f"no answer within {LIMIT_SECONDS:g} s"
UNUSABLE = "cannot be used; the log of this process says why"
READ_ONLY = "is read-only"

log = logging.getLogger(__name__)


class Dependency(msgspec.Struct, frozen=True):
    """Something that must be there."""

    name: str
    """What it is for: bus, index, store or broker."""
    server: str
    """The kind of server or file behind it, such as kafka."""
    look: Callable[[], str]
    """Asks it something small: a reason why it is not ready, or nothing. May raise, may hang."""


class Finding(msgspec.Struct, frozen=True):
    """What one look showed; no reason means ready."""

    server: str
    ready: bool
    reason: str = ""


class Check:
    """The looks at one dependency: one at a time, however many ask; who asks shares its answer."""

    def __init__(self, dependency: Dependency) -> None:
        self.dependency = dependency
        self._lock = Lock()
        self._running: Future[Finding] | None = None
        self._last = ""

    def begin(self) -> "Future[Finding]":
        """The look that is under way, or a new one."""
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                self._running.set_running_or_notify_cancel()
                # A thread of its own, and a daemon: a server that hangs holds up neither the
                # pages nor the end of the process.
                Thread(
                    target=self._run, args=(self._running,), daemon=True, name="readiness"
                ).start()
            return self._running

    def _run(self, answer: "Future[Finding]") -> None:
        reason, detail = "", ""
        try:
            reason = self.dependency.look()
        except TryLater as error:
            reason, detail = AWAY, str(error)
        except Exception as error:
            reason, detail = UNUSABLE, f"{type(error).__name__}: {error}"
        if reason != self._last:
            name, server = self.dependency.name, self.dependency.server
            log.warning("%s (%s): %s", name, server, detail or reason or "ready again")
            self._last = reason
        answer.set_result(self._finding(reason))

    def _finding(self, reason: str) -> Finding:
        server = self.dependency.server
        return Finding(server, not reason, f"{server} {reason}" if reason else "")

    def silent(self) -> Finding:
        """What is to be said when the look has not come back."""
        return self._finding(SILENT)


class Health:
    """All checks together."""

    def __init__(self, dependencies: Sequence[Dependency] = ()) -> None:
        self._checks = [Check(each) for each in dependencies]

    async def findings(self, limit: float = LIMIT_SECONDS) -> dict[str, Finding]:
        """Look at everything at once; takes no longer than ``limit`` seconds."""
        looks = [asyncio.wrap_future(check.begin()) for check in self._checks]
        if looks:
            _, late = await asyncio.wait(looks, timeout=limit)
            for look in late:
                look.cancel()  # this wait alone; the look itself goes on
        return {
            check.dependency.name: check.silent() if look.cancelled() else look.result()
            for check, look in zip(self._checks, looks, strict=True)
        }
