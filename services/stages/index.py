"""The stage ``index``: articles and their claims become searchable, each in its story."""

from collections.abc import Sequence
from datetime import time, timedelta

from processors.records import Article
from services.bus import Event
from services.index import Index
from services.stages import Born, Result
from services.stages.records import record_of
from services.stages.stories import put_joined
from services.store.port import Stories

NEWS_AGE = timedelta(days=1)


def born_of(article: Article) -> Born:
    """When an article was fetched, and when it was published if that tells how quick we were.

    It does not where the date is doubtful or has no time of day, which is read as midnight, or
    where the article was older than a day when it was found.
    """
    published = article.published
    if (
        published is None
        or article.date_suspect
        or published.time() == time()
        or not timedelta() <= article.fetched_at - published <= NEWS_AGE
    ):
        published = None
    return Born(article.fetched_at, published)


class IndexStage:
    """Puts a slice of articles in one batch. Idempotent, because index and store are."""

    def __init__(self, index: Index, store: Stories) -> None:
        self._index = index
        self._store = store

    def handle(self, events: Sequence[Event]) -> list[Result]:
        articles = [record_of(event, Article) for event in events]
        outcomes = put_joined(self._index, self._store, articles)
        return [
            Result(outcome, born=born_of(article))
            for article, outcome in zip(articles, outcomes, strict=True)
        ]

    def close(self) -> None:
        self._store.close()
        self._index.close()
