"""Version 12: what became of dead letters; those of before are read from the log."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, DateTime, Integer, String, Text
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make both tables; see ``services.store.letter_tables`` for what is in them."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    big = BigInteger() if on_postgresql else Integer()
    moment = DateTime(timezone=True)
    op.create_table(
        "dead_letters",
        Column("id", text, primary_key=True),
        Column("at", big, nullable=False),
        Column("stage", name, nullable=False),
        Column("topic", name, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("offset", big, nullable=False),
        Column("key", text, nullable=False),
        Column("event_id", text, nullable=False),
        Column("error_class", text, nullable=False),
        Column("reason", text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("failed_at", moment, nullable=False),
        Column("code_version", name, nullable=False),
        Column("state", name, nullable=False),
        Column("changed_at", moment),
        Column("changed_by", text, nullable=False),
        Column("note", text, nullable=False),
        Column("ends", name, nullable=False, server_default=sql("''")),
        Column("after", text, nullable=False),
    )
    op.create_index("dead_letters_by_place", "dead_letters", ["at"])
    op.create_index("dead_letters_by_state", "dead_letters", ["state", "stage", "error_class"])
    op.create_index("dead_letters_by_event", "dead_letters", ["event_id"])
    op.create_table(
        "letters_read",
        Column("topic", name, primary_key=True),
        Column("upto", big, nullable=False),
    )
