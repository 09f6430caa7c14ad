"""``Store`` in an SQL database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from processors.layout import Health, PageRead
from services.store import copies, frontier, outcomes, pages_read, sources, tallying
from services.store.engine import open_engine, reading, write
from services.store.port import Copy, Finished, Joined, Retold, Source, Target, Told
from services.store.sql_crawling import SqlCrawling
from services.store.sql_keeping import SqlKeeping
from services.store.sql_replays import SqlReplays
from services.store.tallies import Part, Tally, Waits


def open_sql_store(address: str) -> "SqlStore":
    """The store at an SQLAlchemy address. Raises as ``open_engine`` does."""
    return SqlStore(open_engine(address))


class SqlStore(SqlReplays, SqlKeeping, SqlCrawling):
    """See ``Store``. Each method is one transaction; threads may share an object."""

    def put_source(self, source: Source) -> None:
        write(self._engine, lambda connection: sources.put(connection, source))

    def sources(self) -> list[Source]:
        with reading(self._engine) as connection:
            return sources.every(connection)

    def remove_source(self, source_id: str) -> bool:
        return write(self._engine, lambda connection: sources.remove(connection, source_id))

    def discover(self, listing: Target, found: Sequence[Target]) -> None:
        write(self._engine, lambda connection: frontier.discover(connection, listing, found))

    def targets(self, listing_url: str) -> list[Target]:
        with reading(self._engine) as connection:
            return frontier.listed(connection, listing_url)

    def target(self, url: str) -> Target | None:
        with reading(self._engine) as connection:
            return frontier.find(connection, url)

    def note_fetch(self, target: Target) -> None:
        write(self._engine, lambda connection: frontier.put(connection, target))

    def fetch_outcomes(self) -> dict[str, int]:
        with reading(self._engine) as connection:
            return frontier.count_outcomes(connection)

    def finish(self, ends: Iterable[Finished], read: Iterable[PageRead] = ()) -> None:
        rows, pages = list(ends), list(read)
        if not rows:
            return

        def note(connection: Connection) -> None:
            outcomes.put(connection, rows)
            pages_read.put(connection, pages)
            tallying.count_finished(connection, rows)

        write(self._engine, note)

    def outcomes(self) -> dict[str, dict[str, int]]:
        with reading(self._engine) as connection:
            return outcomes.count(connection)

    def tallies(self, since: datetime) -> list[Tally]:
        with reading(self._engine) as connection:
            return tallying.summed(connection, since)

    def waits(self, now: datetime) -> dict[Part, Waits]:
        with reading(self._engine) as connection:
            return tallying.waits(connection, now)

    def extraction_health(self, sources: Collection[str] | None = None) -> dict[str, Health]:
        with reading(self._engine) as connection:
            return pages_read.health_of(connection, sources)

    def join_stories(self, batch: Sequence[Copy]) -> list[Joined]:
        return write(self._engine, lambda connection: copies.join(connection, batch))

    def stories(self, article_ids: Collection[str]) -> dict[str, Told]:
        with reading(self._engine) as connection:
            return copies.told_by(connection, article_ids)

    def copies(self, article_id: str) -> list[str]:
        with reading(self._engine) as connection:
            return copies.of_story(connection, article_id)

    def note_told(self, told: Mapping[str, Told]) -> None:
        if told:
            write(self._engine, lambda connection: copies.note_told(connection, told))

    def retold(self, since: int = 0) -> Retold:
        with reading(self._engine) as connection:
            return copies.retold(connection, since)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
