"""A lane for each host: what waits for a slow host never takes the place of what others could use.

Scrapy counts waiting requests against the crawl as a whole; so a request is handed to Scrapy only
when its host has room, and the rest waits here, in order.
"""

from collections import Counter, defaultdict, deque


class Lanes[T]:
    """At most ``width`` items of one host at a time; used by one thread."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._busy: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[T]] = defaultdict(deque)

    def enter(self, host: str, item: T) -> T | None:
        """The item, when its host has room; otherwise it waits."""
        if self._busy[host] >= self._width:
            self._waiting[host].append(item)
            return None
        self._busy[host] += 1
        return item

    def leave(self, host: str) -> T | None:
        """Note that one item of this host is done; the next one that may go, if any waits."""
        if waiting := self._waiting[host]:
            return waiting.popleft()
        del self._waiting[host]
        self._busy[host] -= 1
        return None
