"""The version of a store's tables: told, refused, brought to the newest."""

from sqlalchemy import Connection, inspect, select, text

from services.errors import UserError
from services.store import migrations, postgresql, tables


def version(connection: Connection) -> int:
    """How many migrations the database has had; 0 for an empty one.

    Raises UserError for a database that is not the store or is newer than this code.
    """
    found = inspect(connection)
    if not found.has_table(tables.schema.name):
        _refuse_others(connection, set(found.get_table_names()))
        return 0
    number: int = connection.execute(select(tables.schema.c.version)).scalar_one()
    if number > migrations.VERSION:
        raise UserError(
            f"{connection.engine.url.database}: the store of a newer Beatwire (format {number}, "
            f"known here up to {migrations.VERSION}); upgrade this Beatwire"
        )
    return number


def bring_up(connection: Connection) -> None:
    """Do the migrations that are missing, in this transaction, one process at a time.

    Raises UserError as ``version`` does, and for a database that cannot hold any text.
    """
    if connection.dialect.name == "postgresql":
        postgresql.hold_for_migration(connection)
    before = version(connection)  # another process may have been quicker
    if not before and connection.dialect.name == "postgresql":
        _refuse_narrow_text(connection)
    if before < migrations.VERSION:
        migrations.migrate(connection, before)


def _refuse_others(connection: Connection, found: set[str]) -> None:
    where = connection.engine.url.database
    if connection.dialect.name == "sqlite" and found:
        raise UserError(
            f"{where}: an SQLite file, but not the store of Beatwire; "
            "move it away or set BEATWIRE_HOME to another folder"
        )
    if taken := sorted(found & tables.metadata.tables.keys()):
        raise UserError(
            f"BEATWIRE_STORE: the database {where} holds tables of another program "
            f"({', '.join(taken)}); give Beatwire a database of its own"
        )


def _refuse_narrow_text(connection: Connection) -> None:
    where = connection.engine.url.database
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise UserError(
            f"BEATWIRE_STORE: the database {where} keeps text as {encoding}, not as UTF8; "
            "make one with: createdb --template=template0 --encoding=UTF8 NAME"
        )
