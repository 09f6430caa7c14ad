"""Watches: when each source is due, and what crawls saw of it."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, and_, or_, select, update

from services.store.crawl_tables import watches
from services.store.crawling import SKEW, HostState, Sources
from services.store.hosts import hold, host_of
from services.store.places import Source
from services.store.rows import upsert
from services.store.tables import sources
from services.store.watching import SourceState, Watch, state_of

_DECODER = msgspec.json.Decoder(Watch)


def every(connection: Connection) -> dict[str, Watch]:
    rows = connection.execute(select(watches.c.record, watches.c.next_look))
    found = (_watch(record, next_look) for record, next_look in rows)
    return {watch.source: watch for watch in found}


def states(connection: Connection, now: datetime) -> dict[str, SourceState]:
    known = every(connection)
    rows = connection.execute(select(sources).order_by(sources.c.id))
    listed = [Source(**row) for row in rows.mappings()]
    return {source.id: state_of(source, known.get(source.id), now) for source in listed}


def make_due(connection: Connection, source_id: str, now: datetime) -> bool:
    there = connection.execute(select(sources.c.id).where(sources.c.id == source_id)).first()
    # A source without a row is due anyhow. No plan: a look that is under way does not undo this.
    connection.execute(
        update(watches).where(watches.c.source == source_id).values(next_look=now, planned=None)
    )
    return there is not None


def claim(connection: Connection, crawler: str, now: datetime, most: int) -> Sources:
    due = and_(
        watches.c.owner == "", or_(watches.c.next_look <= now, watches.c.planned > now + SKEW)
    )
    rows = connection.execute(
        select(sources, watches.c.record, watches.c.next_look)
        .outerjoin(watches, watches.c.source == sources.c.id)
        .where(~sources.c.paused, or_(watches.c.source.is_(None), due))
        .order_by(sources.c.priority.desc(), watches.c.next_look, sources.c.id)
    ).mappings()
    claimed: list[tuple[Source, Watch | None]] = []
    held: dict[str, HostState] = {}
    for row in rows.all():
        if len(claimed) == most:
            break
        fields = {**row}
        record, next_look = fields.pop("record"), fields.pop("next_look")
        source = Source(**fields)
        host = host_of(source.url)
        if host and host not in held:
            held |= hold(connection, crawler, [host], now, wanted=False)
        if not host or host in held:
            watch = _watch(record, next_look) if record else None
            claimed.append((source, watch))
            _put(connection, watch or Watch(source=source.id, next_look=now), crawler, now)
    return Sources(tuple(claimed), held)


def note(connection: Connection, watch: Watch, now: datetime, words: str) -> None:
    looked = update(sources).where(sources.c.id == watch.source)
    if not connection.execute(looked.values(checked_at=now, note=words)).rowcount:
        return
    row = connection.execute(
        select(watches.c.owner, watches.c.planned).where(watches.c.source == watch.source)
    ).first()
    if row and row.owner and row.planned is None:
        watch = msgspec.structs.replace(watch, next_look=now)
    _put(connection, watch, "", now)


def _put(connection: Connection, watch: Watch, owner: str, now: datetime) -> None:
    row = {
        "source": watch.source,
        "next_look": watch.next_look,
        "planned": now,
        "owner": owner,
        "record": msgspec.json.encode(watch).decode(),
    }
    upsert(connection, watches, [row])


def _watch(record: str, next_look: datetime | None) -> Watch:
    return msgspec.structs.replace(_DECODER.decode(record), next_look=next_look)
