"""Looks at sources: gathers what one look came to, over all its responses, and plans the next."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec

from crawlers.fetching.outcomes import End
from crawlers.listings.entries import Rhythm
from crawlers.report import GOOD, SeedEnd
from crawlers.rhythm import Look, watched, with_ends
from services.store.places import Source
from services.store.port import Store
from services.store.watching import MOST_ENDS, Watch


class _Open:
    """A look under way."""

    def __init__(self, source: Source, watch: Watch | None, look: Look) -> None:
        self.source, self.watch, self.look = source, watch, look
        self.waiting = 1
        """Responses that are still to come: the seed's own, and those of its children."""
        self.ended: SeedEnd | None = None


class Looks:
    """The looks of one crawl; a seed that is no source of the store leaves no trace.

    Args:
        every: BEATWIRE_POLL_EVERY in seconds.
    """

    def __init__(self, store: Store, every: float, now: Callable[[], datetime]) -> None:
        self._store, self._every, self._now = store, every, now
        self._open: dict[str, _Open] = {}
        self._ends: defaultdict[str, list[str]] = defaultdict(list)
        self._before = store.watches()
        self.learn(store.sources())

    def learn(self, sources: Iterable[Source]) -> None:
        """These are the sources now."""
        self._sources = {source.id: source for source in sources}

    def knows(self, source_id: str) -> bool:
        return source_id in self._sources

    def priority(self, source_id: str) -> int:
        source = self._sources.get(source_id)
        return source.priority if source else 0

    def begin(self, seed: str, source_id: str, watch: Watch | None) -> None:
        """A look begins; it ends with the last of its responses.

        Without a ``watch``, of a source that was not claimed, it goes on from what was known when
        the crawl began: an answer that nothing changed says nothing of its rhythm.
        """
        if source := self._sources.get(source_id):
            watch = watch or self._before.get(source_id)
            self._open[seed] = _Open(source, watch, Look(at=self._now()))

    def fresh(self, seed: str, seconds: float) -> None:
        self._change(seed, fresh=seconds)

    def retry_after(self, seed: str, seconds: float) -> None:
        self._change(seed, retry_after=seconds)

    def saw(
        self, seed: str, times: Sequence[datetime], new: int, rhythm: Rhythm | None = None
    ) -> None:
        """A response named articles of these times, ``new`` of them not known before."""
        if under_way := self._open.get(seed):
            look = under_way.look
            self._change(
                seed,
                times=(*look.times, *times),
                new=look.new + new,
                rhythm=rhythm or look.rhythm,
            )

    def await_children(self, seed: str, count: int) -> None:
        """So many more responses belong to this look."""
        if under_way := self._open.get(seed):
            under_way.waiting += count

    def page_ended(self, source_id: str, outcome: str) -> None:
        """One of a source's pages was read, or could not be."""
        ends = self._ends[source_id]
        ends.append(outcome)
        del ends[:-MOST_ENDS]

    def response_done(self, seed: str, ended: SeedEnd | None) -> None:
        """One response of a look is dealt with; ``ended`` says of the seed's own how it ended."""
        under_way = self._open.get(seed)
        if under_way is None:
            return
        under_way.ended = ended or under_way.ended
        under_way.waiting -= 1
        if under_way.waiting <= 0:
            del self._open[seed]
            self._end(under_way)

    def _change(self, seed: str, **changes: object) -> None:
        if under_way := self._open.get(seed):
            under_way.look = msgspec.structs.replace(under_way.look, **changes)

    def _end(self, done: _Open) -> None:
        now = self._now()
        failed = _failure(done.ended) if done.ended else "it ended without a word"
        look = msgspec.structs.replace(
            done.look,
            at=now,
            failed=failed,
            gone=bool(done.ended and done.ended.outcome == "gone"),
        )
        chance = random.random()  # noqa: S311 - spreads looks over time
        watch = watched(done.source, done.watch, look, self._every, chance)
        watch = with_ends(watch, self._ends.pop(done.source.id, []))
        self._store.note_look(watch, now, _words(done.ended) if done.ended else "")


def seed_end(seed: str, kind: str, end: End, entries: int = 0) -> SeedEnd:
    return SeedEnd(seed=seed, kind=kind, outcome=end.outcome, reason=end.reason, entries=entries)


def _failure(ended: SeedEnd) -> str:
    if ended.outcome in GOOD:
        return ""
    return ended.reason or ended.outcome


def _words(ended: SeedEnd) -> str:
    listed = ended.kind not in {"page", "unknown"}
    plural = "entry" if ended.entries == 1 else "entries"
    what = f"{ended.entries:,} {plural}" if listed else ended.kind
    note = ended.outcome if ended.outcome not in GOOD else what
    return f"{note}: {ended.reason}" if ended.reason else note
