"""All rows of a store as a file of SQLite, and back: the same file whatever database they are in.

The file is a store itself, so that one of an older Beatwire comes to the newest tables as any
other store does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, make_url, select, text

from services.errors import UserError
from services.sqlite_copy import Tell, copy_file, settle
from services.store import migrations, postgresql, tables
from services.store.engine import read_only_engine, reading, writing
from services.store.schema import version
from services.store.store import open_sql_store

AT_ONCE = 500
"""Rows in one statement."""


def copy_store(address: str, file: Path, tell: Tell) -> None:
    """Write the store as it is at one moment into a new file, while others use it.

    Raises UserError for a store that is damaged, TryLater when it is away.
    """
    if made := sqlite_file(address):
        copy_file(made, file, tell)
        return
    with (
        _opened(address) as source,
        _opened(_address(file)) as target,
        reading(source) as theirs,
        writing(target) as ours,
    ):
        postgresql.hold_still(theirs)
        _copy_rows(theirs, ours, tell)
    settle(file)


def fill_store(file: Path, address: str, tell: Tell) -> None:
    """Bring all rows of a file of the newest version into an empty store on a server.

    It happens as a whole or not at all. Raises UserError for a store with rows.
    """
    with (
        _opened(_address(file)) as source,
        _opened(address) as target,
        reading(source) as theirs,
        writing(target) as ours,
    ):
        postgresql.take_time(ours)
        if taken := _first_with_rows(ours):
            raise UserError(
                f"BEATWIRE_STORE: the database {target.url.database} has rows in {taken} "
                "already; make an empty one (createdb NAME) and set BEATWIRE_STORE to it"
            )
        _copy_rows(theirs, ours, tell)
        _go_on_counting(ours)


def bring_up(file: Path) -> None:
    """Bring the tables of a file to the newest version; nobody else may have it open."""
    with _opened(_address(file)):
        pass
    settle(file)


def rows_of(file: Path) -> tuple[int, dict[str, int]]:
    """The version of a store's file, and how many rows each of its tables has.

    Raises UserError for a file that is no store, or a newer one than this code knows.
    """
    with _only_read(file) as connection:
        found = version(connection)
        if not found:
            raise UserError(f"{file}: an SQLite file without a store")
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).scalars()
        return found, {name: _count(connection, name) for name in sorted(names)}


def has_rows(address: str) -> str:
    """The name of a table that has rows, of a store on a server; empty: none has."""
    with _opened(address) as engine, reading(engine) as connection:
        return _first_with_rows(connection)


def sqlite_file(address: str) -> Path | None:
    """The file that an address names; None for a server."""
    url = make_url(address)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def newest() -> int:
    """The version that this code makes."""
    return migrations.VERSION


def _copy_rows(source: Connection, target: Connection, tell: Tell) -> None:
    kinds = [table for table in tables.metadata.sorted_tables if table is not tables.schema]
    total = sum(
        source.execute(select(func.count()).select_from(each)).scalar_one() for each in kinds
    )
    done = 0
    tell(done, total)
    for table in kinds:
        rows = source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
        for batch in batched(rows, AT_ONCE):
            target.execute(insert(table), [dict(row) for row in batch])
            done += len(batch)
            tell(done, total)


def _first_with_rows(connection: Connection) -> str:
    for table in tables.metadata.sorted_tables:
        if table is not tables.schema and connection.execute(select(table).limit(1)).first():
            return table.name
    return ""


def _go_on_counting(connection: Connection) -> None:
    """A number that was given is never given again."""
    for table in tables.metadata.sorted_tables:
        for column in _counted(table):
            highest = connection.execute(select(func.max(table.c[column]))).scalar_one()
            if highest and highest > 0:  # those of history are below
                sequence = func.pg_get_serial_sequence(table.name, column)
                connection.execute(select(func.setval(sequence, highest)))


def _counted(table: Table) -> list[str]:
    return [
        column.name
        for column in table.primary_key
        if column.autoincrement is True and isinstance(column.type, Integer)
    ]


def _count(connection: Connection, name: str) -> int:
    found: int = connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608 - a table's own name
    return found


def _address(file: Path) -> str:
    return f"sqlite:///{file}"


@contextmanager
def _opened(address: str) -> Iterator[Engine]:
    with open_sql_store(address) as store:
        yield store._engine


@contextmanager
def _only_read(file: Path) -> Iterator[Connection]:
    """A file that nobody writes; nothing of it is changed, and no file appears beside it."""
    engine = read_only_engine(file)
    try:
        with reading(engine) as connection:
            yield connection
    finally:
        engine.dispose()
