"""How much history waits to be worked on, and whether more may be given to those who work on it."""

import math
import time
from collections.abc import Callable

from services.bus import Bus
from services.errors import TryLater, UserError
from services.stages.flow import Step

LOOK_EVERY = 512
"""Events between two looks at how many wait."""
MOST_WAITING = 5000
"""Events of history that may wait; then whoever gives more waits."""
PATIENCE_SECONDS = 60.0
"""After this without one event done, nobody works."""
PAUSE_SECONDS = 0.5
TRIES = 10
_WAIT = {
    "read": "pages wait to be read, and nobody reads",
    "index": "articles wait to be indexed, and nobody indexes",
}


class Waiting(UserError):
    """What is left can be done by calling it again."""

    exit_code = 75  # EX_TEMPFAIL of sysexits.h


class Backlog:
    """What waits for a step, seen by one who gives it events."""

    def __init__(
        self,
        bus: Bus,
        step: Step,
        *,
        again: str,
        room: Callable[[], str] = lambda: "",
        tell: Callable[[int], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``again``: how what stopped here is gone on with, in words.

        ``room`` says why the log can take no more; empty: it can. ``tell`` is given how many
        wait, while it waits for them.
        """
        self._bus, self._step, self._again = bus, step, again
        self._room, self._tell, self._sleep = room, tell, sleep
        self._since_look = LOOK_EVERY

    def admit(self, events: int) -> None:
        """Return once so many events may come. Raises Waiting when nobody works, or no room is."""
        self._since_look += events
        if self._since_look >= LOOK_EVERY:
            self._since_look = 0
            if reason := self._room():
                raise Waiting(reason)
            if self._waiting() > MOST_WAITING:
                self._wait()

    def _wait(self) -> None:
        stuck = (
            f"{_WAIT[self._step.work]} them: start `beatwire up` or `beatwire work --drain`, "
            f"then {self._again}; it goes on where it stopped"
        )
        wait_until_done(self._waiting, MOST_WAITING // 2, stuck, self._tell, self._sleep)

    def _waiting(self) -> int:
        return sum(lag.records for lag in self._bus.lag(self._step.stage, self._step.takes.name))


def wait_until_done(
    waiting: Callable[[], int],
    most: int,
    stuck: str,
    tell: Callable[[int], None],
    sleep: Callable[[float], None],
) -> None:
    """Return once ``most`` wait or fewer.

    Raises Waiting when none of them was done for long: how many wait, and ``stuck``.
    """
    least, stood = math.inf, 0.0
    while (left := waiting()) > most:
        stood = stood + PAUSE_SECONDS if left >= least else 0.0
        least = min(least, left)
        if stood > PATIENCE_SECONDS:
            raise Waiting(f"{left:,} {stuck}")
        tell(left)
        sleep(PAUSE_SECONDS)


def patiently[Answer](act: Callable[[], Answer], sleep: Callable[[float], None]) -> Answer:
    """Act, again while the log or the store is away. Raises TryLater when it is for long."""
    for _ in range(TRIES):
        try:
            return act()
        except TryLater:
            sleep(PAUSE_SECONDS)
    return act()
