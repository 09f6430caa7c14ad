"""An engine on the store's database: SQLite opened safely, one schema version, clear errors."""

import os
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from services.errors import SettingsError, TryLater, UserError
from services.sqlite import driver, explain, make_folder, prepare
from services.store import tables

_WRITES = "beatwire_writes"


def open_engine(address: str) -> Engine:
    """Connect, and make the tables of an empty database.

    Raises SettingsError for an address that cannot be used, UserError for a database that is
    not the store or is newer than this code, TryLater when it cannot be reached now.
    """
    try:
        url = make_url(address)
        engine = _sqlite(url) if url.get_backend_name() == "sqlite" else create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise SettingsError(
            f"BEATWIRE_STORE={_shown(address)}: {error}; "
            "leave it unset, or give sqlite:////folder/file or postgresql://host/name"
        ) from error
    try:
        with reading(engine) as connection:
            fits = _fits(connection)
        if not fits:
            with writing(engine) as connection:
                _create(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _shown(address: str) -> str:
    """The address without its password, for a message."""
    try:
        return make_url(address).render_as_string(hide_password=True)
    except ArgumentError:
        return address.rpartition("@")[2]


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent look; a database that is away or locked means TryLater."""
    with _explained(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """All or nothing, durable when the block ends; raises as ``reading`` does."""
    with _explained(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, driver.Error) as error:
        where = engine.url.database or engine.url.render_as_string(hide_password=True)
        cause = error.orig if isinstance(error, DBAPIError) else error
        if cause and (known := explain(cause, where)):
            raise known from error
        if isinstance(error, OperationalError):
            raise TryLater(f"{where}: {cause}") from error
        raise


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
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    names = [column.name for column in table.columns if column.name not in {*keys, *keeping}]
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in names}
        ),
        rows,
    )


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ArgumentError("a store in memory cannot be shared")
    make_folder(Path(url.database))
    engine = create_engine(url, module=driver)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        # The driver would begin transactions late and without the write lock.
        connection.isolation_level = None
        prepare(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A lock that is taken first is waited for; one that a reader asks for later is not.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    _engines.add(engine)
    return engine


def _fits(connection: Connection) -> bool:
    """Whether the database has our tables; False for an empty one."""
    where = connection.engine.url.database
    found = inspect(connection).get_table_names()
    if tables.schema.name not in found:
        if found and connection.dialect.name == "sqlite":
            raise UserError(
                f"{where}: an SQLite file, but not the store of Beatwire; "
                "move it away or set BEATWIRE_HOME to another folder"
            )
        return False
    version = connection.execute(select(tables.schema.c.version)).scalar_one()
    if version > tables.VERSION:
        raise UserError(
            f"{where}: the store of a newer Beatwire (format {version}, "
            f"known here up to {tables.VERSION}); upgrade this Beatwire"
        )
    return True


def _create(connection: Connection) -> None:
    if _fits(connection):  # another process was quicker
        return
    tables.metadata.create_all(connection)
    connection.execute(insert(tables.schema).values(version=tables.VERSION))


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _before_fork() -> None:
    # As for ``services.sqlite.Database``: no child may inherit an open SQLite connection.
    for engine in list(_engines):
        engine.dispose()


os.register_at_fork(before=_before_fork)
