"""Writing rows in the one way that both databases know."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    keeping: Sequence[str] = (),
) -> None:
    """Insert rows, or replace those with the same primary key but for the columns in ``keeping``.

    A key may come several times in ``rows``: its last row counts.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in {*keys, *keeping}]
    statement = _dialect(connection).insert(table)
    changes = {name: statement.excluded[name] for name in names}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else statement.on_conflict_do_nothing(index_elements=keys),
        # Writers that lock rows in the same order do not wait for each other in a ring.
        sorted(rows, key=lambda row: tuple(row[key] for key in keys)),
    )


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; False when one with the same key, or another unique value, is there."""
    statement = _dialect(connection).insert(table).values(**row).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
