"""The stage ``index``: articles and their claims become searchable, each in its story."""

from collections.abc import Sequence

from processors.records import Article
from services.bus import Event
from services.index import Index
from services.stages import Result
from services.stages.records import record_of
from services.stages.stories import put_joined
from services.store.port import Stories


class IndexStage:
    """Puts a slice of articles in one batch. Idempotent, because index and store are."""

    def __init__(self, index: Index, store: Stories) -> None:
        self._index = index
        self._store = store

    def handle(self, events: Sequence[Event]) -> list[Result]:
        articles = [record_of(event, Article) for event in events]
        return [Result(outcome) for outcome in put_joined(self._index, self._store, articles)]

    def close(self) -> None:
        self._store.close()
        self._index.close()
