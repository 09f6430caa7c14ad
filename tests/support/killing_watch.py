"""Who looks on: a reader that searches all the time; what waits, and what is in the log."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from processors.query.tree import All
from services.bootstrap import open_index
from services.bus import Bus
from services.index import Index
from services.settings import load_settings
from services.stages.flow import waiting

MOST = 10_000
PAUSE_SECONDS = 0.4
SHARE = 4
"""A search is followed by a pause of so many times its length: the machine has other work too."""


class Onlooker(threading.Thread):
    """Searches again and again: none fails, no id shows twice, none that was there vanishes."""

    def __init__(self, index: Index) -> None:
        super().__init__(name="onlooker")
        self._index = index
        self._stop_asked = threading.Event()
        self.searches = 0
        self.complaints: list[str] = []
        self.twice: set[str] = set()
        self._seen: set[str] = set()

    def run(self) -> None:
        pause = 0.0
        while not self._stop_asked.wait(max(PAUSE_SECONDS, pause)):
            began = time.monotonic()
            try:
                self._look()
            except Exception as error:
                self.complaints.append(f"a search failed: {type(error).__name__}: {error}")
            pause = SHARE * (time.monotonic() - began)

    def _look(self) -> None:
        ids = ids_in(self._index)
        self.searches += 1
        self.twice |= {each for each, times in Counter(ids).items() if times > 1}
        if gone := self._seen - {*ids}:
            self.complaints.append(f"{len(gone)} articles vanished: {sorted(gone)[:3]}")
        self._seen |= {*ids}

    def finish(self) -> None:
        self._stop_asked.set()
        self.join()


@contextmanager
def onlooker() -> Iterator[Onlooker]:
    """Somebody who searches while the block runs."""
    with open_index(load_settings()) as index:
        found = Onlooker(index)
        found.start()
        try:
            yield found
        finally:
            found.finish()


def ids_in(index: Index) -> list[str]:
    """The ids of all articles that a search finds."""
    return [hit.article.id for hit in index.search(All(), limit=MOST, sort="newest").hits]


def left(bus: Bus) -> int:
    """Events that wait for a stage, in all stages."""
    return sum(waiting(bus).values())
