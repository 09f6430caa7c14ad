"""The part of ``SqlStore`` about what comes in other ways than by looking at sources."""

from collections.abc import Sequence
from datetime import datetime

from processors.records import Article
from services.store import history, imports, subscriptions
from services.store.engine import reading
from services.store.intake import Subscription
from services.store.sql_alerting import SqlAlerting


class SqlIntake(SqlAlerting):
    """See ``Intake``. Each method is one transaction; threads may share an object."""

    def remember(self, articles: Sequence[Article]) -> None:
        self._write(lambda connection: history.remember(connection, articles))

    def imported(self, file: str) -> int:
        with reading(self._engine) as connection:
            return imports.done(connection, file)

    def note_imported(self, file: str, records: int, now: datetime) -> None:
        self._write(lambda connection: imports.note(connection, file, records, now))

    def subscriptions(self) -> list[Subscription]:
        with reading(self._engine) as connection:
            return subscriptions.every(connection)

    def subscription(self, token: str) -> Subscription | None:
        with reading(self._engine) as connection:
            return subscriptions.find(connection, token)

    def put_subscription(self, subscription: Subscription) -> None:
        self._write(lambda connection: subscriptions.put(connection, subscription))

    def remove_subscription(self, source: str) -> bool:
        return self._write(lambda connection: subscriptions.remove(connection, source))
