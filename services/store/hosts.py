"""Hosts, each worked on by one crawler at a time; and the crawlers themselves."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from services.store.crawl_tables import crawlers, hosts, queue, robots, watches
from services.store.crawling import Beat, Company, HostState, RobotsText
from services.store.rows import insert_new, upsert

_FIELDS = (hosts.c.host, hosts.c.used, hosts.c.slower, hosts.c.paused_until)
_NEW = {"owner": "", "wanted": False, "used": None, "slower": 0.0, "paused_until": None}


def hold(
    connection: Connection,
    crawler: str,
    names: Collection[str],
    now: datetime,
    *,
    wanted: bool = True,
) -> dict[str, HostState]:
    """Raises nothing for a host that another one holds: it is not among those returned."""
    wished = sorted(set(names))
    rows = connection.execute(
        select(hosts.c.host, hosts.c.owner).where(hosts.c.host.in_(wished))
    ).all()
    owners: dict[str, str] = {row.host: row.owner for row in rows}
    free = [name for name in wished if owners.get(name, "") == ""]
    for name in free:
        if name not in owners:
            insert_new(connection, hosts, {"host": name, **_NEW})
    mine = [name for name in wished if owners.get(name, "") in {"", crawler}]
    found = connection.execute(select(*_FIELDS).where(hosts.c.host.in_(mine))).mappings()
    states = {row["host"]: HostState(**row) for row in found}
    if free:
        taken = update(hosts).where(hosts.c.host.in_(free))
        connection.execute(taken.values(owner=crawler, used=now))
    if wanted and len(mine) < len(wished):
        others = hosts.c.host.in_(sorted({*wished} - {*mine}))
        connection.execute(update(hosts).where(others).values(wanted=True))
    return states


def wanted(connection: Connection, crawler: str) -> set[str]:
    asked = select(hosts.c.host).where(hosts.c.owner == crawler, hosts.c.wanted)
    return set(connection.scalars(asked))


def release(connection: Connection, crawler: str, states: Collection[HostState]) -> None:
    for state in sorted(states, key=lambda state: state.host):
        fields = msgspec.structs.asdict(state)
        connection.execute(
            update(hosts)
            .where(hosts.c.host == state.host, hosts.c.owner == crawler)
            .values(owner="", wanted=False, **fields)
        )
    names = [state.host for state in states]
    connection.execute(
        update(queue).where(queue.c.owner == crawler, queue.c.host.in_(names)).values(owner="")
    )


def beat(connection: Connection, crawler: str, place: str) -> Company:
    up = update(crawlers).where(crawlers.c.id == crawler).values(beat=crawlers.c.beat + 1)
    known = connection.execute(up).rowcount > 0
    if not known:
        connection.execute(insert(crawlers).values(id=crawler, place=place, beat=1))
    rows = connection.execute(select(crawlers).where(crawlers.c.id != crawler))
    return Company(known, tuple(Beat(*row) for row in rows))


def bury(connection: Connection, dead: Collection[Beat]) -> None:
    for each in sorted(dead, key=lambda each: each.crawler):
        gone = delete(crawlers).where(crawlers.c.id == each.crawler, crawlers.c.beat == each.beat)
        if connection.execute(gone).rowcount:
            _give_back(connection, each.crawler)


def leave(connection: Connection, crawler: str) -> None:
    connection.execute(delete(crawlers).where(crawlers.c.id == crawler))
    _give_back(connection, crawler)


def _give_back(connection: Connection, crawler: str) -> None:
    for table in (watches, queue):
        connection.execute(update(table).where(table.c.owner == crawler).values(owner=""))
    free = update(hosts).where(hosts.c.owner == crawler)
    connection.execute(free.values(owner="", wanted=False))


def robots_of(connection: Connection, site: str) -> RobotsText | None:
    row = connection.execute(select(robots).where(robots.c.site == site)).mappings().first()
    return RobotsText(**row) if row else None


def put_robots(connection: Connection, text: RobotsText) -> None:
    upsert(connection, robots, [msgspec.structs.asdict(text)])


def host_of(url: str) -> str:
    """The name whose budget an address counts against; empty for none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
