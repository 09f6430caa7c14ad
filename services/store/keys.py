"""API keys, and searches that were saved."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, or_, select, update

from services.store.people import ApiKey, SavedSearch
from services.store.rows import insert_new
from services.store.tables import api_keys, saved_searches


def add(connection: Connection, key: ApiKey) -> bool:
    row: dict[str, Any] = {**msgspec.structs.asdict(key), "scopes": " ".join(key.scopes)}
    return insert_new(connection, api_keys, row)


def find(connection: Connection, prefix: str) -> ApiKey | None:
    found = connection.execute(select(api_keys).where(api_keys.c.prefix == prefix))
    row = found.mappings().first()
    return _key(row) if row else None


def of(connection: Connection, owner: str | None) -> list[ApiKey]:
    wanted = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.prefix)
    if owner is not None:
        wanted = wanted.where(api_keys.c.owner == owner)
    return [_key(row) for row in connection.execute(wanted).mappings()]


def note_use(connection: Connection, prefix: str, at: datetime) -> None:
    earlier = or_(api_keys.c.used_at.is_(None), api_keys.c.used_at < at)
    connection.execute(
        update(api_keys).where(api_keys.c.prefix == prefix, earlier).values(used_at=at)
    )


def revoke(connection: Connection, prefix: str, at: datetime, owner: str | None) -> bool:
    statement = update(api_keys).where(api_keys.c.prefix == prefix, api_keys.c.revoked_at.is_(None))
    if owner is not None:
        statement = statement.where(api_keys.c.owner == owner)
    return connection.execute(statement.values(revoked_at=at)).rowcount > 0


def save_search(connection: Connection, saved: SavedSearch) -> bool:
    return insert_new(connection, saved_searches, msgspec.structs.asdict(saved))


def searches_of(connection: Connection, owner: str) -> list[SavedSearch]:
    rows = connection.execute(
        select(saved_searches)
        .where(saved_searches.c.owner == owner)
        .order_by(saved_searches.c.name)
    )
    return [SavedSearch(**row) for row in rows.mappings()]


def find_search(connection: Connection, owner: str, saved_id: str) -> SavedSearch | None:
    found = connection.execute(
        select(saved_searches).where(
            saved_searches.c.id == saved_id, saved_searches.c.owner == owner
        )
    )
    row = found.mappings().first()
    return SavedSearch(**row) if row else None


def remove_search(connection: Connection, owner: str, saved_id: str) -> bool:
    gone = connection.execute(
        delete(saved_searches).where(
            saved_searches.c.id == saved_id, saved_searches.c.owner == owner
        )
    )
    return gone.rowcount > 0


def _key(row: RowMapping) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"].split())})
