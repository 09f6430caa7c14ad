"""Sources: where coverage comes from."""

import msgspec
from sqlalchemy import Connection, delete, select

from services.store.port import Source
from services.store.rows import upsert
from services.store.tables import sources


def put(connection: Connection, source: Source) -> None:
    upsert(connection, sources, [msgspec.structs.asdict(source)])


def every(connection: Connection) -> list[Source]:
    rows = connection.execute(select(sources).order_by(sources.c.id))
    return [Source(**row) for row in rows.mappings()]


def remove(connection: Connection, source_id: str) -> bool:
    gone = connection.execute(delete(sources).where(sources.c.id == source_id))
    return gone.rowcount > 0
