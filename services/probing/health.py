"""Whether what a process depends on can be used: for probes and people.

What is shown names kinds of servers, never an address: a reason may be read by anyone who can
reach the page. The log of the process has the rest.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait

import msgspec

from services.errors import TryLater
from services.look import Look

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
        self._look = Look(self._found)
        self._last = ""

    def begin(self) -> "Future[Finding]":
        """The look that is under way, or a new one."""
        return self._look.begin()

    def _found(self) -> Finding:
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
        return self._finding(reason)

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

    def look(self, limit: float = LIMIT_SECONDS) -> dict[str, Finding]:
        """Look at everything at once, from any thread; takes no longer than ``limit`` seconds."""
        looks = {check: check.begin() for check in self._checks}
        wait(looks.values(), timeout=limit)
        return {
            check.dependency.name: look.result() if look.done() else check.silent()
            for check, look in looks.items()
        }

    async def findings(self, limit: float = LIMIT_SECONDS) -> dict[str, Finding]:
        """The same in an event loop, which is not held up."""
        looks = [asyncio.wrap_future(check.begin()) for check in self._checks]
        if looks:
            _, late = await asyncio.wait(looks, timeout=limit)
            for look in late:
                look.cancel()  # this wait alone; the look itself goes on
        return {
            check.dependency.name: check.silent() if look.cancelled() else look.result()
            for check, look in zip(self._checks, looks, strict=True)
        }
