"""Version 1: sources, the frontier and outcomes."""

from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, DateTime, Integer, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the tables of the first release."""
    moment = DateTime(timezone=True)
    op.create_table("beatwire_schema", Column("version", Integer, nullable=False))
    op.create_table(
        "sources",
        Column("id", Text, primary_key=True),
        Column("url", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("added_at", moment, nullable=False),
        Column("paused", Boolean, nullable=False),
        Column("checked_at", moment),
        Column("note", Text, nullable=False),
    )
    op.create_table(
        "targets",
        Column("url", Text, primary_key=True),
        Column("source", Text, nullable=False),
        Column("hints", Text),
        Column("etag", Text, nullable=False),
        Column("last_modified", Text, nullable=False),
        Column("content_hash", String, nullable=False),
        Column("fetched_at", moment),
        Column("outcome", String, nullable=False),
    )
    op.create_index("targets_by_outcome", "targets", ["outcome"])
    op.create_table(
        "links",
        Column("listing", Text, primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("url", Text, nullable=False),
    )
    op.create_table(
        "outcomes",
        Column("stage", String, primary_key=True),
        Column("topic", String, primary_key=True),
        Column("partition", Integer, primary_key=True, autoincrement=False),
        Column("offset", Integer, primary_key=True, autoincrement=False),
        Column("event_id", Text, nullable=False),
        Column("outcome", String, nullable=False),
        Column("reason", Text, nullable=False),
        Column("at", moment, nullable=False),
    )
    op.create_index("outcomes_by_end", "outcomes", ["stage", "outcome"])
