"""Version 11: events, which one each story is about, and the keys by which others find it."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Stories from before get their events as their articles come again, in a rebuild say."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text = Text(collation="C") if on_postgresql else Text()
    big = BigInteger() if on_postgresql else Integer()
    op.create_table(
        "story_events",
        Column("story", text, primary_key=True),
        Column("event", text, nullable=False),
        Column("published", DateTime(timezone=True), nullable=False),
        Column("sign", LargeBinary, nullable=False),
    )
    op.create_table(
        "event_keys",
        Column("key", big, primary_key=True, autoincrement=False),
        Column("story", text, primary_key=True),
        sqlite_with_rowid=False,
    )
