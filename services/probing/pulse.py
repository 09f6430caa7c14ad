"""The pulse of a process: its main loop says that it came round, and what stands still ends.

A loop that hangs in a call cannot look after itself: a thread does. That thread cannot run either
while the call computes and holds the interpreter. So a timer of the kernel, which counts computing,
ends the process then. Neither counts time in which the process was stopped, as by Ctrl-Z,
``docker pause`` or a laptop's lid. The supervisor then starts the process anew.
"""

import faulthandler
import os
import signal
import threading
from typing import TextIO

TURN_SECONDS = 120.0
"""How long a turn of a loop may take that does nothing long by itself."""
WORK_SECONDS = 900.0
"""The same where a turn may run a slice in this process, which has limits of its own."""
TICK_SECONDS = 1.0


class Pulse:
    """Beaten by one thread, read by any. Its time begins with the first beat, so what is opened
    before may take as long as it takes, such as tables that are changed.
    """

    def __init__(
        self, turn: float = TURN_SECONDS, *, deadly: bool = False, trace: TextIO | None = None
    ) -> None:
        """``turn`` is how many seconds a turn may take.

        ``deadly``: the process ends when one takes longer, and the places where it hangs are
        written to ``trace``; None, such as for logs that machines read: nowhere.
        """
        self._turn, self._deadly, self._trace = turn, deadly, trace
        self._silent = 0.0
        self._thread = threading.Thread(target=self._watch, name="pulse", daemon=True)
        self._ended = threading.Event()

    def beat(self) -> None:
        """The loop came round."""
        self._silent = 0.0
        if self._thread.ident is None:
            self._thread.start()

    def end(self) -> None:
        """The loop has ended."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._silent = 0.0
        if self._deadly:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def reason(self) -> str:
        """Why the process is to be started anew; empty while it lives."""
        if self._silent < self._turn:
            return ""
        return f"its main loop has not come round for {self._silent:.0f} s"

    def passed(self, seconds: float) -> None:
        """So much time went by, as far as this process ran in it."""
        self._silent += seconds

    def _watch(self) -> None:
        if self._deadly and self._trace:
            faulthandler.register(signal.SIGPROF, self._trace, chain=True)
        tick = min(TICK_SECONDS, self._turn / 10)
        while not self._ended.wait(tick):
            self.passed(tick)
            if self._deadly:
                signal.setitimer(signal.ITIMER_PROF, self._turn)
            if self._deadly and self.reason():
                if self._trace:
                    faulthandler.dump_traceback(self._trace)
                os._exit(1)
