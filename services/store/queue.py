"""The queue: what is to be fetched, or looked at again, and which crawler does it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select, update

from services.store import frontier
from services.store.crawl_tables import hosts, queue
from services.store.crawling import SKEW, Ended, HostState, Pages, Room, Task
from services.store.hosts import hold, host_of
from services.store.rows import upsert
from services.store.tables import sources, targets

MOST_PAUSE = timedelta(hours=24)


def claim(
    connection: Connection,
    crawler: str,
    now: datetime,
    room: Room,
) -> Pages:
    found = _due(connection, crawler, now, room)
    held: dict[str, HostState] = {}
    if found:
        held = hold(connection, crawler, {host for _, host in found}, now, wanted=False)
    urls = sorted(url for url, host in found if host in held)
    if not urls:
        return Pages()
    connection.execute(update(queue).where(queue.c.url.in_(urls)).values(owner=crawler))
    rows = connection.execute(
        select(targets, queue.c.host, queue.c.since, queue.c.tries)
        .join(queue, queue.c.url == targets.c.url)
        .where(targets.c.url.in_(urls))
        .order_by(*_ORDER)
    )
    return Pages(tuple(_task(dict(row)) for row in rows.mappings()), held)


_ORDER = (queue.c.archive, queue.c.priority.desc(), queue.c.since.desc(), queue.c.url)


def _due(
    connection: Connection,
    crawler: str,
    now: datetime,
    room: Room,
) -> list[tuple[str, str]]:
    """Addresses with their hosts; rows that another transaction works on are passed over."""
    barred = select(hosts.c.host).where(
        or_(
            hosts.c.owner.not_in(["", crawler]),
            # A pause beyond the longest was noted by a clock that was wrong.
            hosts.c.paused_until.between(now, now + MOST_PAUSE + SKEW),
        )
    )
    place = func.row_number().over(partition_by=queue.c.host, order_by=_ORDER).label("place")
    due = (
        select(queue.c.url, place)
        .where(
            queue.c.owner == "",
            queue.c.due <= now,
            queue.c.host.not_in(barred),
            queue.c.host.not_in(sorted(room.full)),
            queue.c.source.in_(select(sources.c.id).where(~sources.c.paused)),
        )
        .subquery()
    )
    chosen = (
        select(queue.c.url, queue.c.host)
        .join(due, due.c.url == queue.c.url)
        .where(due.c.place <= room.per_host, queue.c.owner == "")
        .order_by(*_ORDER)
        .limit(room.most)
    )
    if connection.dialect.name == "postgresql":
        chosen = chosen.with_for_update(of=queue, skip_locked=True)
    return [(url, host) for url, host in connection.execute(chosen)]


def note(connection: Connection, ends: Sequence[Ended], now: datetime) -> None:
    frontier.put_ended(connection, ends, now)
    again = [_row(end, now) for end in ends if end.due is not None]
    upsert(connection, queue, again)
    over = sorted({end.target.url for end in ends} - {str(row["url"]) for row in again})
    if over:
        connection.execute(delete(queue).where(queue.c.url.in_(over)))


def _row(end: Ended, now: datetime) -> dict[str, object]:
    return {
        "url": end.target.url,
        "source": end.target.source,
        "host": host_of(end.target.url),
        "due": end.due,
        "priority": end.priority,
        "archive": end.archive,
        "since": end.since or now,
        "tries": end.tries,
        "owner": "",
    }


def _task(row: dict[str, object]) -> Task:
    kept = {name: row[name] for name in ("host", "since", "tries")}
    return Task(target=frontier.target_of(row), **kept)  # type: ignore[arg-type]
