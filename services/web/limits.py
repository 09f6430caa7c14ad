"""How often one client may ask: counted in memory, for a bounded number of clients."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

MOST_CLIENTS = 10_000
"""Who has not asked for longest is forgotten first."""


class Bucket:
    """So many requests a minute and client; who was quiet may ask for a minute's at once."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._most = per_minute / 60, float(per_minute)
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> int:
        """0 when the client may ask now, else the seconds until it may."""
        if not self._rate:
            return 0
        now = self._now()
        with self._lock:
            left, at = self._left.get(client, (self._most, now))
            left = min(self._most, left + (now - at) * self._rate)
            wait = 0 if left >= 1 else math.ceil((1 - left) / self._rate)
            self._left[client] = (left if wait else left - 1, now)
            _keep_newest(self._left, client)
        return wait


class Window:
    """So many attempts within any ``seconds``, exactly; for what few are enough of."""

    def __init__(
        self, most: int, seconds: float = 60, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str) -> int:
        """0 when the client may try now, which counts; else the seconds until it may."""
        now = self._now()
        with self._lock:
            times = self._times.setdefault(client, deque(maxlen=self._most))
            _keep_newest(self._times, client)
            if len(times) == self._most and (left := times[0] + self._seconds - now) > 0:
                return math.ceil(left)
            times.append(now)
        return 0


def _keep_newest[Value](known: OrderedDict[str, Value], client: str) -> None:
    known.move_to_end(client)
    if len(known) > MOST_CLIENTS:
        known.popitem(last=False)
