"""Sources: where coverage comes from."""

import msgspec
from sqlalchemy import Connection, delete, select

from services.store.crawl_tables import queue, watches
from services.store.places import Source
from services.store.rows import upsert
from services.store.tables import sources


def put(connection: Connection, source: Source) -> None:
    upsert(connection, sources, [msgspec.structs.asdict(source)])


def every(connection: Connection) -> list[Source]:
    rows = connection.execute(select(sources).order_by(sources.c.id))
    return [Source(**row) for row in rows.mappings()]


def remove(connection: Connection, source_id: str) -> bool:
    connection.execute(delete(queue).where(queue.c.source == source_id))
    connection.execute(delete(watches).where(watches.c.source == source_id))
    gone = connection.execute(delete(sources).where(sources.c.id == source_id))
    return gone.rowcount > 0
