"""A stage that must come to an end: a text that a step never finishes with stops no others."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from services.bus import Event
from services.stages import Result, Stage

BASE_SECONDS = 30.0
SECONDS_AN_EVENT = 5.0
SECONDS_A_MEGABYTE = 120.0
"""A text of a million characters takes twenty seconds, and more on a busy machine."""
MOST_SECONDS = 600.0
AGAIN_SECONDS = 5.0
"""The alarm rings again and again: code of libraries may swallow an exception."""


class TookTooLong(Exception):
    """The events were not brought to an end in time; among several, the runner finds which.

    It is tried again, because a machine that slept or was busy is no fault of the event.
    """


class Deadline:
    """Wraps a stage; ``handle`` raises TookTooLong after a time that follows from its events.

    Works by a timer signal, so only in a process's main thread.
    """

    def __init__(self, stage: Stage, base: float = BASE_SECONDS) -> None:
        self._stage = stage
        self._base = base

    def handle(self, events: Sequence[Event]) -> list[Result]:
        size = sum(len(event.data) for event in events) / 1e6
        wanted = self._base + SECONDS_AN_EVENT * len(events) + SECONDS_A_MEGABYTE * size
        with _limit(min(wanted, MOST_SECONDS)):
            return self._stage.handle(events)

    def close(self) -> None:
        self._stage.close()


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> NoReturn:
        raise TookTooLong(f"not done after {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
