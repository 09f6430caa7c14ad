"""How a store comes from each version of its tables to the next one.

A change of ``services/store/tables.py`` is a new module here and its name in ``STEPS``. A step
names types and columns itself and never imports the tables: what it did once it must always do.
It takes nothing away, and a column that it adds to a table needs no value, for workers of the
release before run on beside newer ones while an installation is upgraded.
The version is the number of steps done, in the table ``beatwire_schema`` since the first
release, where also an older Beatwire looks before it refuses a newer store. A step and its
version are one transaction on both databases, so that a killed migration never happened.
"""

from importlib import import_module

from sqlalchemy import Connection, delete, insert

from services.store.tables import schema

STEPS = (
    "first_tables",
    "copies",
    "signatures",
    "accounts",
    "alerts",
    "retries",
    "source_kinds",
    "watches",
    "pages_read",
    "intake",
    "story_events",
    "dead_letters",
    "trails",
    "tallies",
    "replays",
    "chores",
)
VERSION = len(STEPS)


def migrate(connection: Connection, version: int) -> None:
    """Do the steps that come after ``version``; the caller holds the lock and commits."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    operations = Operations(MigrationContext.configure(connection))
    for name in STEPS[version:]:
        import_module(f"{__name__}.{name}").upgrade(operations)
    connection.execute(delete(schema))
    connection.execute(insert(schema).values(version=VERSION))
