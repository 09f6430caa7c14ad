"""Writing rows in the one way that both databases know."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func
from sqlalchemy.dialects import postgresql, sqlite

from services.store.tables import Moment


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
    statement = insert_into(connection, table)
    changes = {name: statement.excluded[name] for name in names}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else statement.on_conflict_do_nothing(index_elements=keys),
        # Writers that lock rows in the same order do not wait for each other in a ring.
        sorted(rows, key=lambda row: tuple(row[key] for key in keys)),
    )


def upsert_newer(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], by: str
) -> None:
    """Insert rows, or replace those with the same primary key that are not newer by this column.

    No key may come twice in ``rows``.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    names = [column.name for column in table.columns if column.name not in keys]
    statement = insert_into(connection, table)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in names},
            where=table.c[by] <= statement.excluded[by],
        ),
        sorted(rows, key=lambda row: tuple(row[key] for key in keys)),
    )


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row; False when one with the same key, or another unique value, is there."""
    statement = insert_into(connection, table).values(**row).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def latest(connection: Connection, *times: Any) -> Any:
    """The greatest of several values of one row, where none is null."""
    greatest = func.max if connection.dialect.name == "sqlite" else func.greatest
    return greatest(*times, type_=Moment)


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert that may say what is to be done on a conflict."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)
