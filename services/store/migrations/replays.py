"""How far runs are that put events on the log once more."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, DateTime, Integer, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the table; see ``services.store.replay_tables`` for what is in it."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    op.create_table(
        "replays",
        Column("id", name, primary_key=True),
        Column("state", name, nullable=False),
        Column("turn", BigInteger() if on_postgresql else Integer(), nullable=False),
        Column("began_at", DateTime(timezone=True), nullable=False),
        Column("run", text, nullable=False),
    )
