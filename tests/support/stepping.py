"""Time that passes only where somebody waits for it."""

import math
import threading


class Stepping(threading.Event):
    """A signal to stop whose waits take no time, and move ``now`` on; set ``until`` is reached."""

    def __init__(self, until: float = math.inf) -> None:
        super().__init__()
        self.now = 0.0
        self.waits: list[float] = []
        self._until = until

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        self.now += timeout or 0.0
        return self.is_set() or self.now > self._until

    def clock(self) -> float:
        return self.now
