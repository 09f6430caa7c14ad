"""An engine on the store's database, opened safely; transactions; clear errors."""

import os
import random
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    NoSuchModuleError,
    OperationalError,
    TimeoutError,
)

from services.errors import SettingsError, TryLater
from services.sqlite import driver, explain, make_folder, prepare, unchanging
from services.store import migrations, postgresql, schema

_ATTEMPTS = 5
"""How often a transaction is tried that others undo."""

_WRITES = "beatwire_writes"


def open_engine(address: str) -> Engine:
    """Connect, and bring the tables to the newest version.

    Raises SettingsError for an address that cannot be used, UserError for a database that is
    not the store or is newer than this code, TryLater when it cannot be reached now.
    """
    try:
        url = _whole(address)
        engine = _engine(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise SettingsError(
            f"BEATWIRE_STORE={_shown(address)}: {error}; "
            "leave it unset, or give sqlite:////folder/file or postgresql://host/name"
        ) from error
    try:
        with reading(engine) as connection:
            version = schema.version(connection)
        if version < migrations.VERSION:
            with writing(engine) as connection:
                schema.bring_up(connection)
    except (TryLater, DBAPIError) as error:
        engine.dispose()
        cause = error.orig if isinstance(error, DBAPIError) else error
        if remedy := postgresql.remedy(str(cause)):
            message = " ".join(str(cause).removeprefix(f"{_where(engine)}: ").split())
            raise SettingsError(f"BEATWIRE_STORE={_where(engine)}: {message}; {remedy}") from error
        raise
    except BaseException:
        engine.dispose()
        raise
    return engine


def read_only_engine(file: Path) -> Engine:
    """For an SQLite file that nobody writes: nothing of it changes, and no file comes beside it."""
    return create_engine(
        URL.create("sqlite", database=str(file)),
        module=driver,
        creator=lambda: driver.connect(unchanging(file), uri=True, check_same_thread=False),
        hide_parameters=True,
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A look at what is committed; a database that is away or locked means TryLater."""
    with _explained(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """All or nothing, durable when the block ends; raises as ``reading`` does."""
    with _explained(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def write[T](engine: Engine, work: Callable[[Connection], T]) -> T:
    """Do ``work`` in a transaction, again when another one was in its way."""
    for attempt in range(1, _ATTEMPTS):
        try:
            with writing(engine) as connection:
                return work(connection)
        except postgresql.Conflict:
            time.sleep(random.uniform(0, 0.05) * attempt)  # noqa: S311 - no secret
    with writing(engine) as connection:
        return work(connection)


@contextmanager
def _explained(engine: Engine) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:  # all connections are in use
        raise TryLater(f"{_where(engine)}: {error}") from error
    except (DBAPIError, driver.Error) as error:
        if known := _meaning(error, engine):
            raise known from error
        raise


def _meaning(error: DBAPIError | driver.Error, engine: Engine) -> Exception | None:
    if isinstance(error, DBAPIError) and engine.dialect.name == "postgresql":
        return postgresql.explain(error, _where(engine))
    cause = error.orig if isinstance(error, DBAPIError) else error
    if cause and (known := explain(cause, _where(engine))):
        return known
    passing = isinstance(error, OperationalError)
    return TryLater(f"{_where(engine)}: {cause}") if passing else None


def _where(engine: Engine) -> str:
    """The file, or the address without its password, for a message."""
    if engine.dialect.name == "sqlite":
        return engine.url.database or ""
    return _without_secrets(engine.url)


def _whole(address: str) -> URL:
    """Raises ArgumentError when a part is missing, or a password is written so that it spills."""
    if address.count("@") > 1:
        raise ArgumentError("write @ and / in a password as %40 and %2F")
    url = make_url(address)
    if url.get_backend_name() == "postgresql" and not url.database:
        raise ArgumentError("the name of the database is missing")
    return url


def _shown(address: str) -> str:
    try:
        return _without_secrets(make_url(address))
    except (ArgumentError, ValueError):
        return address.rpartition("@")[2].partition("?")[0]


def _without_secrets(url: URL) -> str:
    # What follows the question mark may be a password too.
    plain = url.set(drivername=url.drivername.removesuffix("+psycopg"), query={})
    return plain.render_as_string(hide_password=True)


def _engine(url: URL) -> Engine:
    match url.get_backend_name(), url.drivername:
        case "sqlite", _:
            engine = _sqlite(url)
        case "postgresql", "postgresql" | "postgresql+psycopg":
            engine = postgresql.engine(url)
        case _:
            raise ArgumentError("not a database that Beatwire knows")
    _engines.add(engine)
    return engine


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ArgumentError("a store in memory cannot be shared")
    make_folder(Path(url.database))
    # No message shows what was to be stored: some of it is secret.
    engine = create_engine(url, module=driver, hide_parameters=True)

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

    return engine


_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


def _before_fork() -> None:
    # As for ``services.sqlite.Database``: no child may inherit an open SQLite connection, and
    # two processes on one connection to PostgreSQL would read each other's answers.
    for engine in list(_engines):
        engine.dispose()


def _after_fork_in_child() -> None:
    # Another thread may have connected in between: what is not the child's it must not close.
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(before=_before_fork, after_in_child=_after_fork_in_child)
