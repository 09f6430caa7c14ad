"""The other crawlers: which of them are dead, told without comparing two machines' clocks."""

import time
from collections.abc import Callable, Sequence

import msgspec

from services.bus.sqlite_members import Member, Process, is_live, this_process
from services.store.crawling import Beat

BEAT_SECONDS = 3.0
DEAD_SECONDS = 30.0
"""A crawler elsewhere whose beat did not change for so long, by this process's clock, is dead."""


def place() -> str:
    """This process, as ``Mourner`` of another one on the same machine looks it up."""
    return msgspec.json.encode(this_process()).decode()


class Mourner:
    """Watches beats; used by one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._here = this_process()
        self._seen: dict[str, tuple[int, float]] = {}

    def dead(self, others: Sequence[Beat]) -> list[Beat]:
        """Those that will never go on with what they hold."""
        now = self._clock()
        known = {beat.crawler for beat in others}
        self._seen = {name: seen for name, seen in self._seen.items() if name in known}
        found = []
        for beat in others:
            last, since = self._seen.get(beat.crawler, (-1, now))
            if beat.beat != last:
                self._seen[beat.crawler] = (beat.beat, now)
                since = now
            if now - since >= DEAD_SECONDS or self._ended(beat.place):
                found.append(beat)
        return found

    def _ended(self, where: str) -> bool:
        """Whether it was a process of this machine, and is no more."""
        try:
            there = msgspec.json.decode(where, type=Process)
        except msgspec.DecodeError:
            return False
        here = self._here
        same = there.boot and there.boot == here.boot and there.space == here.space
        return bool(same) and not is_live(Member(0, there, 0, seated=False), here, 0)
