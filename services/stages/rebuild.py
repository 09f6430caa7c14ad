"""The index made again from the log: all articles that are still in it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from processors.records import Article
from services.bus import Bus, Slice
from services.errors import Reject, TryLater, UserError
from services.index import Index
from services.stages.flow import INDEX
from services.stages.records import record_of
from services.stages.stories import follow, put_joined
from services.store.port import Stories

BATCH = INDEX.slice_events
LONGEST_WAIT_SECONDS = 30.0
TRIES = 12
"""Of one batch, with waits in between; about four minutes."""
_NO_TURN = 2**62
"""Nothing was retold after it."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Rebuild:
    """Puts the articles of the log into an index, and then those that came meanwhile.

    The positions of the stage ``index`` are neither used nor touched: what both put, the index
    has once. Stories are those of the store; an article that it does not know joins. ``tell`` is
    given how many events are done, and of how many.
    """

    def __init__(
        self,
        bus: Bus,
        store: Stories,
        tell: Callable[[int, int], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.outcomes = Counter[str]()
        self._bus = bus
        self._store = store
        self._tell = tell
        self._sleep = sleep
        self._next: dict[int, int] = {}
        """Per partition, the first offset that was not read."""
        self._turn: int | None = None
        """Up to where the index follows the changes of stories."""

    def fill(self, index: Index) -> None:
        """Put all articles, and again what was appended meanwhile, until little is left."""
        before, count = 0, self.catch_up(index)
        while count > BATCH and (not before or count <= before // 2):
            before, count = count, self.catch_up(index)

    def catch_up(self, index: Index) -> int:
        """Put what was appended since the last call, at first everything; how many events.

        Raises UserError when the log or the index is away for long.
        """
        if self._turn is None:
            self._turn = self._patiently(lambda: self._store.retold(_NO_TURN).turn)
        parts = self._patiently(self._parts)
        done = sum(self.outcomes.values())
        total = done + sum(map(len, parts))
        for part in parts:
            for first in range(part.first, part.last + 1, BATCH):
                last = min(first + BATCH - 1, part.last)
                batch = Slice(part.topic, part.partition, first, last)
                self.outcomes.update(self._patiently(partial(self._put, index, batch)))
                self._next[part.partition] = last + 1
                done += len(batch)
                self._tell(done, total)
        self._turn = self._patiently(partial(self._follow, index, self._turn))
        return sum(map(len, parts))

    def _follow(self, index: Index, turn: int) -> int:
        """Let the index know what changed of the stories of articles that it had already."""
        retold = self._store.retold(turn)
        follow(index, self._store, retold.ids, note=False)
        return retold.turn

    def _parts(self) -> list[Slice]:
        """What is still to be read, a slice a partition. The log may not begin at 0 any more."""
        topic = INDEX.takes.name
        if not self._next:
            self._next = self._bus.offsets_for(topic, _BEGINNING)
        return [
            Slice(topic, lag.partition, first, lag.end - 1)
            for lag in self._bus.lag(INDEX.stage, topic)
            if (first := self._next.get(lag.partition, 0)) < lag.end
        ]

    def _put(self, index: Index, part: Slice) -> list[str]:
        """The outcome of each event; one that is no article is in the dead letters already."""
        articles, rejected = [], 0
        for stored in self._bus.read(part):
            try:
                articles.append(record_of(stored.event, Article))
            except Reject:
                rejected += 1
        return [*self._put_all(index, articles), *["rejected"] * rejected]

    def _put_all(self, index: Index, articles: Sequence[Article]) -> list[str]:
        """All at once, or in halves down to the one that the index refuses."""
        try:
            # What is stale is to be noted of the index that is searched, which this is not yet.
            return [*put_joined(index, self._store, articles, note=False)]
        except Reject:
            if len(articles) == 1:
                return ["rejected"]
        middle = len(articles) // 2
        return self._put_all(index, articles[:middle]) + self._put_all(index, articles[middle:])

    def _patiently[Answer](self, act: Callable[[], Answer]) -> Answer:
        for turn in range(TRIES):
            try:
                return act()
            except TryLater as error:
                reason = error
                self._sleep(min(2.0**turn, LONGEST_WAIT_SECONDS))
        raise UserError(f"the index is as it was: {reason}; start the rebuild again") from reason
