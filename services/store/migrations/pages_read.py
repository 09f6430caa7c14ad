"""Version 9: what reading gave of the last pages of each source, to tell a change of layout."""

from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, DateTime, Integer, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Begins empty: what older releases read is not known by page."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    op.create_table(
        "pages_read",
        Column("source", text, primary_key=True),
        Column("page", text, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("outcome", name, nullable=False),
        Column("words", Integer, nullable=False),
        Column("title", Boolean, nullable=False),
        Column("date", Boolean, nullable=False),
        Column("authors", Boolean, nullable=False),
    )
    op.create_index("pages_read_by_time", "pages_read", ["source", "at", "page"])
