"""The pulse of a process: its main loop says that it came round, and what stands still ends.

A loop that hangs in a call cannot look after itself, and a thread cannot either while that call
holds the interpreter. So the end is left to a timer of the interpreter's own (``faulthandler``),
which needs neither. The supervisor then starts the process anew.
"""

import faulthandler
import os
import time
from collections.abc import Callable
from typing import TextIO

TURN_SECONDS = 120.0
"""How long a turn of a loop may take that does nothing long by itself."""
WORK_SECONDS = 900.0
"""The same where a turn may run a slice in this process, which has limits of its own."""
ARM_SECONDS = 1.0
"""The timer is wound up at most so often: that starts a thread."""


class Pulse:
    """Beaten by one thread, read by any. Its time begins with the first beat, so what is opened
    before may take as long as it takes, such as tables that are changed.
    """

    def __init__(
        self,
        turn: float = TURN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        *,
        deadly: bool = False,
        trace: TextIO | None = None,
    ) -> None:
        """``turn`` is how many seconds a turn may take.

        ``deadly``: the process ends when one takes longer, and the places where it hangs are
        written to ``trace``; None, such as for logs that machines read: nowhere.
        """
        self._turn, self._clock, self._deadly = turn, clock, deadly
        self._trace = trace or (open(os.devnull, "w") if deadly else None)  # noqa: SIM115, PTH123
        self._beaten: float | None = None
        self._armed: float | None = None

    def beat(self) -> None:
        """The loop came round."""
        now = self._beaten = self._clock()
        if self._deadly and (self._armed is None or now - self._armed >= ARM_SECONDS):
            self._armed = now
            faulthandler.dump_traceback_later(self._turn, exit=True, file=self._trace)  # type: ignore[arg-type]

    def end(self) -> None:
        """The loop has ended."""
        self._beaten, self._deadly = None, False
        if self._armed is not None:
            faulthandler.cancel_dump_traceback_later()

    def reason(self) -> str:
        """Why the process is to be started anew; empty while it lives."""
        silent = 0.0 if self._beaten is None else self._clock() - self._beaten
        if silent < self._turn:
            return ""
        return f"its main loop has not come round for {silent:.0f} s"
