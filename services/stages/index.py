"""The stage ``index``: articles and their claims become searchable."""

from collections.abc import Sequence

from processors.records import Article, decode
from services.bus import Event
from services.errors import Reject
from services.index import Index
from services.stages import Result


class IndexStage:
    """Puts a slice of articles in one batch. Idempotent, because the index is."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def handle(self, events: Sequence[Event]) -> list[Result]:
        outcomes = self._index.put([article_of(event) for event in events])
        return [Result(outcome) for outcome in outcomes]

    def close(self) -> None:
        self._index.close()


def article_of(event: Event) -> Article:
    """The article that an event carries. Raises Reject when it carries none."""
    try:
        record = decode(event.data)
    except ValueError as error:
        raise Reject(f"not a record: {error}") from error
    if not isinstance(record, Article):
        raise Reject(f"expected an article, got {type(record).__name__}")
    return record
