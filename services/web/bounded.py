"""An index whose reads cost no more than is bearable: how long one takes, and how many at once."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Self

from processors.query.tree import And, ClaimIs, Near, Node, Not, Or, Prefix
from processors.records import Article
from services.errors import TryLater
from services.index import (
    ClaimResults,
    ClaimSort,
    Disputes,
    Index,
    PutOutcome,
    Results,
    Sort,
    Stats,
)

LIMIT_SECONDS = 3.0
HEAVY = max(1, (os.cpu_count() or 1) // 2)
"""Heavy reads that run at once; the other cores are for the light ones."""
HEAVY_WAITING = 16
"""Heavy reads that may wait for their turn; more are refused at once."""
LIGHT = 16
LIGHT_WAITING = 1000
HEAVY_PARTS = 16
"""A query of so many parts is heavy whatever they are."""


class TooSlow(TryLater):
    """A read took longer than it may."""


class TooMany(TryLater):
    """So many reads wait already that another would not have its turn in time."""


class BoundedIndex:
    """Reads an index within bounds. Raises TooSlow or TooMany where a bound is met.

    What is too slow is left alone: it ends in its own thread, and until then takes one of the
    turns of its kind, so that however many are started only so many run.
    """

    def __init__(self, index: Index, *, seconds: float | None = None) -> None:
        seconds = LIMIT_SECONDS if seconds is None else seconds
        self._index = index
        self._light = _Turns(LIGHT, LIGHT_WAITING, seconds)
        self._heavy = _Turns(HEAVY, HEAVY_WAITING, seconds)

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        return self._index.put(articles)

    def search(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: Sort = "relevance",
        facets: bool = False,
        fold: bool = False,
        after: str = "",
    ) -> Results:
        turns = self._heavy if facets or fold or is_heavy(query) else self._light
        return turns.take(
            lambda: self._index.search(
                query, offset=offset, limit=limit, sort=sort, facets=facets, fold=fold, after=after
            )
        )

    def claims(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: ClaimSort = "newest",
        after: str = "",
    ) -> ClaimResults:
        turns = self._heavy if is_heavy(query) else self._light
        return turns.take(
            lambda: self._index.claims(query, offset=offset, limit=limit, sort=sort, after=after)
        )

    def disputes(self, query: Node, *, limit: int = 20) -> Disputes:
        return self._heavy.take(lambda: self._index.disputes(query, limit=limit))

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        return self._heavy.take(lambda: self._index.suggest(words))

    def get(self, article_id: str) -> Article | None:
        return self._light.take(lambda: self._index.get(article_id))

    def revisions(self, article_id: str) -> list[Article]:
        return self._light.take(lambda: self._index.revisions(article_id))

    def edits(self, articles: Sequence[Article]) -> list[int]:
        return self._light.take(lambda: self._index.edits(articles))

    def stats(self) -> Stats:
        return self._light.take(self._index.stats)

    def close(self) -> None:
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Turns:
    """Threads for the reads of one kind; each caller waits for its own, and not for long."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="read")
        self._room = BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    def take[T](self, read: Callable[[], T]) -> T:
        if not self._room.acquire(blocking=False):
            raise TooMany("too many searches are under way")
        try:
            turn = self._threads.submit(read)
        except BaseException:
            self._room.release()
            raise
        turn.add_done_callback(lambda _: self._room.release())
        try:
            return turn.result(self._seconds)
        except TimeoutError:
            if turn.done() and not turn.cancelled():
                return turn.result()  # it ended just then, or the error is the read's own
            turn.cancel()
            raise TooSlow(f"a search took longer than {self._seconds:g} seconds") from None


def is_heavy(query: Node) -> bool:
    """Whether a query may cost many times what one word does."""
    return _parts(query) > HEAVY_PARTS or _has_heavy_part(query)


def _parts(query: Node) -> int:
    match query:
        case And(parts=parts) | Or(parts=parts):
            return sum(map(_parts, parts))
        case Not(part=part):
            return _parts(part)
        case _:
            return 1


def _has_heavy_part(query: Node) -> bool:
    match query:
        case And(parts=parts) | Or(parts=parts):
            return any(map(_has_heavy_part, parts))
        case Not(part=part):
            return _has_heavy_part(part)
        case ClaimIs(conditions=conditions):
            return len(conditions) > 1
        case _:
            return isinstance(query, Prefix | Near)
