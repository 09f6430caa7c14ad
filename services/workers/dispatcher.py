"""The dispatcher: polls slices of one stage, has them run, commits what is done.

Its bounded window of slices in flight is the back-pressure. It does not know whether a task runs in
this process (``Task.apply``, the embedded mode) or on a worker far away (``Task.apply_async``):
Celery's results look the same.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from services.bus import Bus, Slice
from services.errors import TryLater
from services.stages.flow import Step, drained

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.2
FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0


class Running(Protocol):
    """The part of a Celery result that the dispatcher looks at."""

    def ready(self) -> bool: ...
    def get(self) -> Any: ...


class Dispatcher:
    """One member of one stage's consumer group."""

    def __init__(
        self, step: Step, bus: Bus, send: Callable[[dict[str, Any]], Running], window: int = 1
    ) -> None:
        self._step = step
        self._bus = bus
        self._send = send
        self._window = window
        self._flying: list[tuple[Slice, Running]] = []
        self._wait = 0.0

    def run(self, stop: threading.Event, *, drain: bool = False) -> None:
        """Work until ``stop`` is set or, with ``drain``, until nothing is left for this stage."""
        while not stop.is_set():
            moved = self._start() + self._finish()
            if self._wait:
                stop.wait(self._wait)
            elif not moved:
                if drain and not self._flying and drained(self._bus, self._step.stage):
                    return
                stop.wait(IDLE_SECONDS)

    def _start(self) -> int:
        room = self._window - len(self._flying)
        step = self._step
        if room <= 0:
            return 0
        parts = self._bus.poll(step.stage, step.takes.name, most=step.slice_events, slices=room)
        for part in parts:
            self._flying.append((part, self._send(msgspec.to_builtins(part))))
        return len(parts)

    def _finish(self) -> int:
        done = [entry for entry in self._flying if entry[1].ready()]
        for entry in done:
            self._flying.remove(entry)
            self._end(*entry)
        return len(done)

    def _end(self, part: Slice, running: Running) -> None:
        try:
            running.get()
        except TryLater as reason:
            self._wait = min(self._wait * 2 or FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
            log.warning("stage=%s waits %.1f s: %s", self._step.stage, self._wait, reason)
            self._bus.give_back(self._step.stage, part)
        else:
            self._wait = 0.0
            self._bus.commit(self._step.stage, part)
