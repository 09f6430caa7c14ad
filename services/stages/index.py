"""The stage ``index``: articles and their claims become searchable."""

from collections.abc import Sequence

from processors.records import Article
from services.bus import Event
from services.index import Index
from services.stages import Result
from services.stages.records import record_of


class IndexStage:
    """Puts a slice of articles in one batch. Idempotent, because the index is."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def handle(self, events: Sequence[Event]) -> list[Result]:
        outcomes = self._index.put([record_of(event, Article) for event in events])
        return [Result(outcome) for outcome in outcomes]

    def close(self) -> None:
        self._index.close()
