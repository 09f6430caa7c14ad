"""The books of a crawl: what came of pages, noted several at a time.

First the log has the pages, then the store has their ends, then the report says so. A crawl that
is killed in between publishes some pages again; it never loses one.
"""

import threading
from collections.abc import Callable
from datetime import datetime

import msgspec

from crawlers.fetching.outcomes import End
from services.bus import Bus, Event
from services.errors import Reject
from services.store.crawling import Crawling, Ended
from services.topics import PAGES, TOPICS

MOST_WAITING = 16
"""Ends that are noted together, and so the most pages that a kill has fetched again besides those
that were on their way."""
MOST_SECONDS = 0.2


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One page's end. With an event it is published, and ends as too large when it cannot be."""

    ended: Ended
    end: End
    event: Event | None = None


class Books:
    """Takes entries from one thread; ``flush`` may be called from another."""

    def __init__(self, bus: Bus, store: Crawling, now: Callable[[], datetime]) -> None:
        self._bus, self._store, self._now = bus, store, now
        self._waiting: list[Entry] = []
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)

    def flush(self) -> list[Entry]:
        """Note all that waits, and hand it over. Raises TryLater: then all of it waits on."""
        with self._lock:
            batch = self._waiting[:]
            if not batch:
                return []
            done = self._publish(batch)
            self._store.note_pages([entry.ended for entry in done], self._now())
            del self._waiting[: len(batch)]
            return done

    def _publish(self, batch: list[Entry]) -> list[Entry]:
        # What may be too large goes alone, since one event that is has all of them refused.
        large = TOPICS[PAGES.name].max_event_bytes // 2
        alone = [e for e in batch if e.event and len(e.event.data) > large]
        together = [e for e in batch if not (e.event and len(e.event.data) > large)]
        events = [entry.event for entry in together if entry.event]
        try:
            if events:
                self._bus.publish(PAGES.name, events)
        except Reject:
            alone, together = batch, []
        return [*together, *(self._alone(entry) for entry in alone)]

    def _alone(self, entry: Entry) -> Entry:
        if entry.event is None:
            return entry
        try:
            self._bus.publish(PAGES.name, [entry.event])
        except Reject as error:
            end = End("too-large", str(error))
            target = msgspec.structs.replace(entry.ended.target, outcome=end.outcome)
            return Entry(ended=Ended(target=target, reason=end.reason), end=end)
        return entry
