"""When an address was found and looked at, why it ended so, and its event on the log."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, Text
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """What became of addresses before is told without times and reasons."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text = Text(collation="C") if on_postgresql else Text()
    empty = sql("''")
    for column in (
        Column("found_at", DateTime(timezone=True)),
        Column("ended_at", DateTime(timezone=True)),
        Column("reason", text, nullable=False, server_default=empty),
        Column("event_id", text, nullable=False, server_default=empty),
    ):
        op.add_column("targets", column)
    op.create_index("outcomes_by_event", "outcomes", ["event_id"])
