"""The part of ``SqlStore`` about trails."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from services.store import decisions
from services.store import messages as parcels
from services.store.alerting import Message, Noted
from services.store.crawl_tables import queue
from services.store.engine import reading
from services.store.frontier import target_of
from services.store.sql_letters import SqlLetters
from services.store.tables import links, outcomes, targets
from services.store.trails import Finished, Turn, Way

_ENDS = list(outcomes.columns)


class SqlTrails(SqlLetters):
    """See ``Trails``. Each method is one transaction; threads may share an object."""

    def ways(self, urls: Collection[str]) -> list[Way]:
        with reading(self._engine) as connection:
            return _ways(connection, targets.c.url.in_(sorted(urls)))

    def ways_of_fetch(self, source: str, fetched_at: datetime) -> list[Way]:
        with reading(self._engine) as connection:
            return _ways(connection, targets.c.source == source, targets.c.fetched_at == fetched_at)

    def ends(self, *, event: str = "", article: str = "", limit: int = 200) -> list[Finished]:
        # Ids of events begin with what they are of, and "." comes after "-".
        name = outcomes.c.event_id
        of = and_(name >= f"{article}-", name < f"{article}.") if article else name == event
        newest = select(*_ENDS).where(of).order_by(outcomes.c.at.desc()).limit(limit)
        with reading(self._engine) as connection:
            rows = connection.execute(newest).mappings().all()
        return [Finished(**row) for row in reversed(rows)]

    def alerts_about(self, article: str, limit: int = 50) -> list[Noted]:
        with reading(self._engine) as connection:
            return decisions.about(connection, article, limit)

    def messages_with(self, alerts: Collection[str]) -> Mapping[str, list[Message]]:
        with reading(self._engine) as connection:
            return parcels.with_alerts(connection, alerts)


def _ways(connection: Connection, *where: ColumnElement[bool]) -> list[Way]:
    rows = connection.execute(select(targets).where(*where).order_by(targets.c.url)).mappings()
    found = {row["url"]: row for row in rows}
    named = _listings(connection, list(found))
    turns = _turns(connection, list(found))
    return [
        Way(
            target=target_of(row),
            found_at=row["found_at"],
            ended_at=row["ended_at"],
            reason=row["reason"],
            event_id=row["event_id"],
            listings=tuple(named[url]),
            turn=turns.get(url),
        )
        for url, row in found.items()
    ]


def _listings(connection: Connection, urls: Sequence[str]) -> Mapping[str, list[str]]:
    named = defaultdict(list)
    rows = connection.execute(
        select(links.c.url, links.c.listing).where(links.c.url.in_(urls)).order_by(links.c.listing)
    )
    for url, listing in rows:
        named[url].append(listing)
    return named


def _turns(connection: Connection, urls: Sequence[str]) -> dict[str, Turn]:
    rows = connection.execute(select(queue).where(queue.c.url.in_(urls)))
    return {row.url: Turn(due=row.due, tries=row.tries, held=bool(row.owner)) for row in rows}
