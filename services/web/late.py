"""An index that may be away when the pages start: opened when it answers, tried again meanwhile."""

import random
import time
from collections.abc import Callable, Sequence
from threading import Lock, Thread
from typing import Self

from processors.query.tree import Node
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

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 8.0
START_SECONDS = 2.0
"""How long the start waits for a server; after that the pages say that it is away."""


class LateIndex:
    """Reads an index once it can be opened; until then every read raises TryLater, at once.

    It is opened by whoever reads after a wait that grows, and differs by chance, so that many
    servers do not come back in step. Reading is as safe from threads as the index itself.
    """

    def __init__(
        self,
        open_index: Callable[[], Index],
        *,
        now: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._open, self._now, self._chance = open_index, now, chance
        self._opening = Lock()
        self._index: Index | None = None
        self._away: TryLater | None = None
        self._wait = 0.0
        self._next = 0.0

    def start(self, seconds: float = START_SECONDS) -> Self:
        """Try once, for so many seconds. Raises what is no matter of time, as SettingsError."""
        failed: list[Exception] = []

        def attempt() -> None:
            try:
                self.opened()
            except TryLater:
                pass  # The pages and /readyz say it, for as long as it lasts.
            except Exception as error:
                failed.append(error)

        thread = Thread(target=attempt, daemon=True, name="open-index")
        thread.start()
        thread.join(seconds)
        if failed:
            raise failed[0]
        return self

    def opened(self) -> Index:
        """The index itself; raises TryLater while there is none."""
        if self._index is None:
            # While one opens, the others do not queue up behind it.
            if not self._opening.acquire(blocking=False):
                raise TryLater("the index is being opened")
            try:
                if self._index is None:
                    self._index = self._try()
            finally:
                self._opening.release()
        return self._index

    def _try(self) -> Index:
        if self._away is not None and self._now() < self._next:
            raise TryLater(str(self._away))
        try:
            return self._open()
        except TryLater as away:
            self._away = away
            self._wait = min(max(FIRST_WAIT_SECONDS, self._wait * 2), LONGEST_WAIT_SECONDS)
            self._next = self._now() + self._wait * (0.5 + self._chance() / 2)
            raise

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        return self.opened().put(articles)

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
        return self.opened().search(
            query, offset=offset, limit=limit, sort=sort, facets=facets, fold=fold, after=after
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
        return self.opened().claims(query, offset=offset, limit=limit, sort=sort, after=after)

    def disputes(self, query: Node, *, limit: int = 20) -> Disputes:
        return self.opened().disputes(query, limit=limit)

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        return self.opened().suggest(words)

    def get(self, article_id: str) -> Article | None:
        return self.opened().get(article_id)

    def revisions(self, article_id: str) -> list[Article]:
        return self.opened().revisions(article_id)

    def edits(self, articles: Sequence[Article]) -> list[int]:
        return self.opened().edits(articles)

    def stats(self) -> Stats:
        return self.opened().stats()

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
