"""The answers to probes: alive, started, ready, which version; none holds an address."""

import platform
from collections.abc import Mapping

import msgspec

from services.probing.exposition import exposition
from services.probing.health import Finding, Health
from services.probing.pulse import Pulse
from services.version import VERSION

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


class Answer(msgspec.Struct, frozen=True):
    """An answer over HTTP, whoever gives it. It is never to be kept."""

    status: int
    body: bytes
    media_type: str = TEXT


class Probes:
    """What one process says of itself. Threads may share it."""

    def __init__(
        self, process: str, health: Health | None = None, pulse: Pulse | None = None
    ) -> None:
        """``process`` is what it does, such as ``read``: what a person calls it."""
        self.process = process
        self.health = health or Health()
        self.pulse = pulse or Pulse()
        self._started = False
        self._leaving = False

    def started(self) -> None:
        """All that it needs to begin is open."""
        self._started = True

    def leave(self) -> None:
        """It was told to stop: from now on it is not ready, whatever else."""
        self._leaving = True

    def live(self) -> Answer:
        """503 when the process does not get on and is to be started anew; asks no server."""
        reason = self.pulse.reason()
        return Answer(503, f"{reason}\n".encode()) if reason else Answer(200, b"ok\n")

    def startup(self) -> Answer:
        """503 until it has begun its work."""
        return Answer(200, b"started\n") if self._started else Answer(503, b"starting\n")

    def ready(self) -> Answer:
        """200 when everything that it depends on can be used, else 503; what is wrong, as JSON."""
        return self.readiness({} if self._leaving else self.health.look())

    def readiness(self, checks: Mapping[str, Finding]) -> Answer:
        """The answer for these findings."""
        ready = not self._leaving and all(finding.ready for finding in checks.values())
        body: dict[str, object] = {"ready": ready}
        if self._leaving:
            body["reason"] = "it was told to stop"
        else:
            body["checks"] = checks
        return Answer(200 if ready else 503, msgspec.json.encode(body) + b"\n", JSON)

    def version(self) -> Answer:
        """Which Beatwire this is, and which of its processes."""
        told = {"version": VERSION, "process": self.process, "python": platform.python_version()}
        return Answer(200, msgspec.json.encode(told) + b"\n", JSON)

    def metrics(self) -> Answer:
        """The metrics of this process, as Prometheus reads them."""
        text, media_type = exposition()
        return Answer(200, text, media_type)
