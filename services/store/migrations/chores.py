"""When each chore was begun last, so that one process at a time does it."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, String

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the table; see ``services.store.chore_tables`` for what is in it."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    name = String(collation="C") if on_postgresql else String()
    op.create_table(
        "chores",
        Column("name", name, primary_key=True),
        Column("begun_at", DateTime(timezone=True), nullable=False),
    )
