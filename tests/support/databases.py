"""Databases of one test alone on a shared PostgreSQL, and what is in a database."""

import contextlib
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, inspect, text

from services.store import tables
from services.store.store import SqlStore

IN_ENGLISH = "LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
"""Sorts words as people do, and not by code point: what must not depend on it is seen to."""


EMPTY = f"TEMPLATE template0 ENCODING 'UTF8' {IN_ENGLISH}"


@contextlib.contextmanager
def fresh_database(server: str, options: str = EMPTY) -> Iterator[str]:
    """The address of a database of its own, gone at the end with all connections to it."""
    name = Identifier(f"test_{secrets.token_hex(8)}")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(SQL("CREATE DATABASE {} " + options).format(name))
        try:
            yield urlsplit(server)._replace(path=f"/{name._obj[0]}").geturl()
        finally:
            admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def like(address: str) -> str:
    """The options of a database that is a copy of another one, to which nobody is connected."""
    return f"TEMPLATE {urlsplit(address).path[1:]}"


def differences(connection: Connection) -> list[object]:
    """What a migration would still have to do to make the database as ``tables.py`` says."""
    context = MigrationContext.configure(connection, opts={"compare_server_default": True})
    found: list[object] = list(compare_metadata(context, tables.metadata))
    for table in tables.metadata.sorted_tables:
        there = inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
        wanted = [column.name for column in table.primary_key]
        if there != wanted:
            found.append((table.name, there, wanted))
    return found


def note_as_the_first_release(store: SqlStore, offset: int) -> None:
    """Note one end in the tables of the first release; that of today counts it in others, too."""
    row = f"('read', 'pages', 0, {offset}, 'id', 'stored', '', '2026-03-01 12:00:00.000000')"
    with store._engine.begin() as connection:
        connection.execute(text(f"INSERT INTO outcomes VALUES {row}"))
