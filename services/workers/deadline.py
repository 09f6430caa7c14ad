"""A stage that must come to an end: a text that a step never finishes with stops no others."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from services.bus import Event
from services.errors import Reject
from services.stages import Result, Stage

BASE_SECONDS = 30.0
"""A text of a million characters takes about twenty."""
SECONDS_AN_EVENT = 5.0


class TookTooLong(Reject):
    """The events were not brought to an end in time; among several, the runner finds which."""


class Deadline:
    """Wraps a stage; ``handle`` raises TookTooLong after ``BASE_SECONDS`` and some an event.

    Works by a timer signal, so only in a process's main thread.
    """

    def __init__(self, stage: Stage, base: float = BASE_SECONDS) -> None:
        self._stage = stage
        self._base = base

    def handle(self, events: Sequence[Event]) -> list[Result]:
        with _limit(self._base + SECONDS_AN_EVENT * len(events)):
            return self._stage.handle(events)

    def close(self) -> None:
        self._stage.close()


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TookTooLong(f"not done after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
