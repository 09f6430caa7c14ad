"""A lane for each host: what waits for a slow host never takes the place of what others could use.

A request is begun only when its host has room, and the rest waits here, in order.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable


class Lanes[T]:
    """At most ``width`` items of one host at a time; used by one thread."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._busy: Counter[str] = Counter()
        self._waiting: dict[str, deque[T]] = {}
        self.waiting = 0
        """Items that wait, of all hosts."""

    @property
    def hosts(self) -> Iterable[str]:
        """Hosts of which items are under way or wait."""
        return self._busy.keys()

    def enter(self, host: str, item: T) -> T | None:
        """The item, when its host has room; otherwise it waits."""
        if self._busy[host] >= self._width:
            self._waiting.setdefault(host, deque()).append(item)
            self.waiting += 1
            return None
        self._busy[host] += 1
        return item

    def leave(self, host: str) -> T | None:
        """Note that one item of this host is done; the next one that may go, if any waits."""
        if waiting := self._waiting.get(host):
            self.waiting -= 1
            return waiting.popleft()
        self._waiting.pop(host, None)
        self._busy[host] -= 1
        if not self._busy[host]:
            del self._busy[host]
        return None

    def busy(self, host: str) -> bool:
        """Whether an item of this host is under way or waits."""
        return host in self._busy

    def held(self, host: str) -> int:
        """How many items of this host are under way or wait."""
        return self._busy[host] + len(self._waiting.get(host, ()))

    def drain(self, host: str, which: Callable[[T], bool]) -> list[T]:
        """Take those that wait and are meant out of their lane."""
        waiting = self._waiting.pop(host, deque())
        kept = deque(item for item in waiting if not which(item))
        if kept:
            self._waiting[host] = kept
        self.waiting -= len(waiting) - len(kept)
        return [item for item in waiting if which(item)]
