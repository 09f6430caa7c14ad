"""Version 10: history that alerts know, imports under way, subscriptions to hubs."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime, Integer, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the three tables; see ``services.store.intake_tables`` for what is in them."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    moment = DateTime(timezone=True)
    op.create_table(
        "history", Column("article_id", text, primary_key=True), sqlite_with_rowid=False
    )
    op.create_table(
        "imports",
        Column("file", name, primary_key=True),
        Column("records", Integer, nullable=False),
        Column("at", moment, nullable=False),
    )
    op.create_table(
        "subscriptions",
        Column("source", text, primary_key=True),
        Column("topic", text, nullable=False),
        Column("hub", text, nullable=False),
        Column("token", name, nullable=False),
        Column("secret", name, nullable=False),
        Column("state", name, nullable=False),
        Column("reason", text, nullable=False),
        Column("asked_at", moment),
        Column("tries", Integer, nullable=False),
        Column("until", moment),
        Column("heard_at", moment),
    )
    op.create_index("subscriptions_by_token", "subscriptions", ["token"], unique=True)
