"""The part of ``SqlStore`` about crawls."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.store import frontier, hosts, listing, postgresql, queue, tallying, watches
from services.store.crawling import (
    Beat,
    Company,
    Ended,
    HostState,
    Link,
    Listed,
    Pages,
    RobotsText,
    Room,
    Sources,
)
from services.store.engine import reading, write
from services.store.places import Target
from services.store.watching import SourceState, Watch


class SqlCrawling:
    """See ``Crawling``. Each method is one transaction; threads may share an object."""

    _engine: Engine

    def _share[T](self, work: Callable[[Connection], T]) -> T:
        """A transaction that hands out work: one at a time, so that none waits in a ring."""

        def held(connection: Connection) -> T:
            if connection.dialect.name == "postgresql":
                postgresql.hold_for_crawling(connection)
            return work(connection)

        return write(self._engine, held)

    def watches(self) -> dict[str, Watch]:
        with reading(self._engine) as connection:
            return watches.every(connection)

    def source_states(self, now: datetime) -> dict[str, SourceState]:
        with reading(self._engine) as connection:
            return watches.states(connection, now)

    def make_due(self, source_id: str, now: datetime) -> bool:
        return self._share(lambda connection: watches.make_due(connection, source_id, now))

    def claim_sources(self, crawler: str, now: datetime, most: int) -> Sources:
        return self._share(lambda connection: watches.claim(connection, crawler, now, most))

    def note_look(self, watch: Watch, now: datetime, note: str = "") -> None:
        self._share(lambda connection: watches.note(connection, watch, now, note))

    def note_listing(
        self,
        listed: Target,
        links: Sequence[Link],
        *,
        now: datetime,
        priority: int = 0,
        hold: str = "",
    ) -> Listed:
        return self._share(
            lambda connection: listing.note(
                connection, listed, links, now=now, priority=priority, hold=hold
            )
        )

    def claim_pages(self, crawler: str, now: datetime, room: Room) -> Pages:
        return self._share(lambda connection: queue.claim(connection, crawler, now, room))

    def note_pages(self, ends: Sequence[Ended], now: datetime) -> None:
        if ends:

            def note(connection: Connection) -> None:
                queue.note(connection, ends, now)
                tallying.count(
                    connection, [tallying.Kind("crawl", end.target.outcome) for end in ends], now
                )

            self._share(note)

    def source_outcomes(self) -> dict[str, dict[str, int]]:
        with reading(self._engine) as connection:
            return frontier.count_by_source(connection)

    def beat(self, crawler: str, place: str) -> Company:
        return self._share(lambda connection: hosts.beat(connection, crawler, place))

    def bury(self, dead: Collection[Beat]) -> None:
        if dead:
            self._share(lambda connection: hosts.bury(connection, dead))

    def leave(self, crawler: str) -> None:
        self._share(lambda connection: hosts.leave(connection, crawler))

    def hold_hosts(
        self, crawler: str, names: Collection[str], now: datetime
    ) -> dict[str, HostState]:
        return self._share(lambda connection: hosts.hold(connection, crawler, names, now))

    def wanted_hosts(self, crawler: str) -> set[str]:
        with reading(self._engine) as connection:
            return hosts.wanted(connection, crawler)

    def release_hosts(self, crawler: str, states: Collection[HostState]) -> None:
        if states:
            self._share(lambda connection: hosts.release(connection, crawler, states))

    def robots(self, site: str) -> RobotsText | None:
        with reading(self._engine) as connection:
            return hosts.robots_of(connection, site)

    def put_robots(self, text: RobotsText) -> None:
        self._share(lambda connection: hosts.put_robots(connection, text))
