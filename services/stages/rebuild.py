"""An index made again from the log: all that is still in it."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import batched

import msgspec

from services.bus import BEGINNING, Bus, Slice
from services.errors import TryLater, UserError
from services.index import Index, WholeIndex
from services.index.shelf import Note
from services.stages.flow import INDEX, INDEX_BACKFILL
from services.stages.made_of import Making, OfArticles
from services.stages.stories import PART, follow, put_joined
from services.store.port import Stories

LONGEST_WAIT_SECONDS = 30.0
TRIES = 12
"""Of one batch, with waits in between; about four minutes."""
KEEP_SECONDS = 1.0
"""What was done since the last note is done again after a kill."""
_NO_TURN = 2**62
"""Nothing was retold after it."""


class Rebuild:
    """Puts what the log has into an index, and then what came meanwhile.

    The positions of the stages are neither used nor touched: what both put, the index has once.
    """

    def __init__(
        self,
        bus: Bus,
        store: Stories,
        tell: Callable[[int, int], None],
        sleep: Callable[[float], None] = time.sleep,
        *,
        made_of: Making | None = None,
        note: Note | None = None,
        keep: Callable[[Note], None] = lambda _: None,
    ) -> None:
        """``tell`` is given how many events are done, and of how many.

        It goes on from ``note``; ``keep`` is given, now and then, from where it could go on.
        """
        self._bus, self._store = bus, store
        self._made_of = made_of or OfArticles(store)
        self._tell, self._sleep, self._keep = tell, sleep, keep
        self._note = note or Note(of=self._made_of.of, begun_at=datetime.now(UTC))
        self._kept = -KEEP_SECONDS

    @property
    def note(self) -> Note:
        """How far it is."""
        return self._note

    @property
    def outcomes(self) -> Counter[str]:
        """Of all events so far, those of before a kill too."""
        return Counter(self._note.outcomes)

    def fill(self, index: Index) -> None:
        """Put all, and again what was appended meanwhile, until little is left."""
        batch = self._made_of.batch
        before, count = 0, self.catch_up(index)
        while count > batch and (not before or count <= before // 2):
            before, count = count, self.catch_up(index)
        self._keep_now(whole=True)

    def catch_up(self, index: Index) -> int:
        """Put what was appended since the last call, at first everything; how many events.

        Raises UserError when the log or the index is away for long.
        """
        if self._note.turn is None:
            self._change(turn=self._patiently(lambda: self._store.retold(_NO_TURN).turn))
        parts = self._patiently(self._parts)
        done = sum(self._note.outcomes.values())
        total = done + sum(map(len, parts))
        for part in parts:
            for first in range(part.first, part.last + 1, self._made_of.batch):
                last = min(first + self._made_of.batch - 1, part.last)
                batch = Slice(part.topic, part.partition, first, last)
                self._passed(batch, self._patiently(partial(self._put, index, batch)))
                done += len(batch)
                self._tell(done, total)
        self._change(turn=self._patiently(partial(self._follow, index, self._note.turn or 0)))
        self._keep_now()
        return sum(map(len, parts))

    def finish(self, index: WholeIndex) -> None:
        """The last step before an index is searched: catch up, and let what has no story join."""
        self.catch_up(index)
        alone = (article for article in index.every() if not article.story)
        for some in batched(alone, PART):
            self._patiently(partial(put_joined, index, self._store, some, note=False))

    def _put(self, index: Index, part: Slice) -> list[str]:
        return self._made_of.put(index, self._bus.read(part))

    def _follow(self, index: Index, turn: int) -> int:
        """Let the index know what changed of the stories of articles that it had already."""
        retold = self._store.retold(turn)
        follow(index, self._store, retold.ids, note=False)
        return retold.turn

    def _parts(self) -> list[Slice]:
        """What is still to be read, a slice a partition. The log may not begin at 0 any more."""
        found = []
        for step in self._made_of.steps:
            topic = step.takes.name
            if topic not in self._note.next:
                starts = self._bus.offsets_for(topic, BEGINNING)
                self._change(next={**self._note.next, topic: starts})
            found += [
                Slice(topic, lag.partition, first, lag.end - 1)
                for lag in self._bus.lag(step.stage, topic)
                if (first := self._note.next[topic].get(lag.partition, 0)) < lag.end
            ]
        return found

    def _passed(self, part: Slice, outcomes: list[str]) -> None:
        nexts = {**self._note.next[part.topic], part.partition: part.last + 1}
        counts = Counter(self._note.outcomes) + Counter(outcomes)
        self._change(next={**self._note.next, part.topic: nexts}, outcomes=dict(counts))
        if time.monotonic() - self._kept >= KEEP_SECONDS:
            self._keep_now()

    def _keep_now(self, **changes: object) -> None:
        self._change(**changes)
        self._patiently(lambda: self._keep(self._note))
        self._kept = time.monotonic()

    def _change(self, **changes: object) -> None:
        self._note = msgspec.structs.replace(self._note, **changes)

    def _patiently[Answer](self, act: Callable[[], Answer]) -> Answer:
        for turn in range(TRIES):
            try:
                return act()
            except TryLater as error:
                reason = error
                self._sleep(min(2.0**turn, LONGEST_WAIT_SECONDS))
        raise UserError(f"the index is as it was: {reason}; start the rebuild again") from reason


def note_of_live(bus: Bus, store: Stories, now: datetime) -> Note:
    """What the live index has: what the stage ``index`` has noted as done, at the least."""
    return Note(
        of="articles",
        begun_at=now,
        next={
            step.takes.name: {
                lag.partition: lag.committed for lag in bus.lag(step.stage, step.takes.name)
            }
            for step in (INDEX, INDEX_BACKFILL)
        },
        turn=store.retold(_NO_TURN).turn,
        whole=True,
    )
