"""The stage ``remember``: what history said is known to alerts, and nobody is told of it."""

from collections.abc import Sequence

from processors.records import Article
from services.bus import Event
from services.stages import Result
from services.stages.records import record_of
from services.store import Store


class RememberStage:
    """Lets the store note articles of history; see ``Alerting.remember``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def handle(self, events: Sequence[Event]) -> list[Result]:
        self._store.remember([record_of(event, Article) for event in events])
        return [Result("remembered") for _ in events]

    def close(self) -> None:
        self._store.close()
