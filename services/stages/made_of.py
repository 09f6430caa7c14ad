"""What an index is made of: the articles of the log as they are, or its pages, read again."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Literal, Protocol

from processors.records import Article
from services.bus import Stored
from services.errors import Reject
from services.index import Index
from services.stages import Result, Stage
from services.stages.flow import INDEX, INDEX_BACKFILL, READ, READ_BACKFILL, Step
from services.stages.records import record_of
from services.stages.runner import handled
from services.stages.stories import put_joined, told_as
from services.store.port import Stories

Put = Callable[[Sequence[Article]], Sequence[str]]


class Making(Protocol):
    """Events to articles to an index."""

    of: Literal["articles", "pages"]
    steps: tuple[Step, ...]
    """Whose topics are gone through, each to its end. Of two readings of one fetch the one that is
    put last counts: history comes last, since what was read again stands there."""
    batch: int

    def put(self, index: Index, events: Sequence[Stored]) -> list[str]:
        """Put what the events hold; the outcome of each, in no order. Raises TryLater."""
        ...


class OfArticles:
    """Stories are those of the store; an article that it does not know joins."""

    of: Literal["articles", "pages"] = "articles"
    steps: tuple[Step, ...] = (INDEX, INDEX_BACKFILL)
    batch = INDEX.slice_events

    def __init__(self, store: Stories) -> None:
        self._store = store

    def put(self, index: Index, events: Sequence[Stored]) -> list[str]:
        articles, rejected = [], 0
        for stored in events:
            try:
                articles.append(record_of(stored.event, Article))
            except Reject:
                rejected += 1  # it is in the dead letters already

        def put(some: Sequence[Article]) -> Sequence[str]:
            # What is stale is to be noted of the index that is searched, which this is not yet.
            return put_joined(index, self._store, some, note=False)

        return [*_put_all(put, articles), *["rejected"] * rejected]


class OfPages:
    """An article has the story that the store knows of it, and joins none: that would show."""

    of: Literal["articles", "pages"] = "pages"
    steps: tuple[Step, ...] = (READ, READ_BACKFILL)
    batch = 64

    def __init__(self, store: Stories, open_stage: Callable[[], Stage]) -> None:
        """``open_stage`` gives the stage ``read``; it is asked when there is something to read."""
        self._store, self._open_stage = store, open_stage

    @cached_property
    def _stage(self) -> Stage:
        return self._open_stage()

    def put(self, index: Index, events: Sequence[Stored]) -> list[str]:
        results = [result for _, result in handled(self._stage, events)]
        ended = [each.outcome if isinstance(each, Result) else "rejected" for each in results]
        outputs = [out for each in results if isinstance(each, Result) for out in each.outputs]
        articles = [record_of(output, Article) for output in outputs]

        def put(some: Sequence[Article]) -> Sequence[str]:
            told = self._store.stories([each.id for each in some])
            return index.put(
                [told_as(each, told[each.id]) if each.id in told else each for each in some]
            )

        return [*_put_all(put, articles), *(each for each in ended if each != "read")]


def _put_all(put: Put, articles: Sequence[Article]) -> list[str]:
    """All at once, or in halves down to the one that the index refuses."""
    try:
        return [*put(articles)]
    except Reject:
        if len(articles) == 1:
            return ["rejected"]
    middle = len(articles) // 2
    return _put_all(put, articles[:middle]) + _put_all(put, articles[middle:])
