"""How much may wait at a time, so that the load is as steady as those who work. Pure."""

from collections import deque

WAITING_SECONDS = 20.0
"""For how long there is work, at the pace of the last minute: with less, slices are small, and what
each costs by itself makes the pace, and with it what waits, smaller still."""
LEAST, MOST = 64, 1000
WINDOW_SECONDS = 60.0


class Pace:
    """The pace at which pages are read, as seen so far."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, now: float, done: int) -> None:
        """At ``now``, in seconds, so many pages were read in all. Not called in an outage."""
        self._seen.append((now, done))
        while now - self._seen[0][0] > WINDOW_SECONDS and len(self._seen) > 2:
            self._seen.popleft()

    @property
    def per_second(self) -> float:
        (first, before), (last, after) = self._seen[0], self._seen[-1]
        return (after - before) / (last - first) if last > first else 0.0

    @property
    def most(self) -> int:
        """So many pages may wait to be read."""
        if not self._seen:
            return LEAST
        return max(LEAST, min(MOST, int(self.per_second * WAITING_SECONDS)))
