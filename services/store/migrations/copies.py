"""Version 2: copies and their bands; offsets of 64 bits and text by code point on PostgreSQL."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, DateTime, Integer, String, Text

if TYPE_CHECKING:
    from alembic.operations import Operations

_TEXTS = {
    "sources": ("id", "url", "name", "note"),
    "targets": ("url", "source", "hints", "etag", "last_modified"),
    "links": ("listing", "url"),
    "outcomes": ("event_id", "reason"),
}
_NAMES = {
    "targets": ("content_hash", "outcome"),
    "outcomes": ("stage", "topic", "outcome"),
}


def upgrade(op: "Operations") -> None:
    """SQLite has no narrow integers and no collation but this, so its old tables stay."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text = Text(collation="C") if on_postgresql else Text()
    big = BigInteger() if on_postgresql else Integer()
    if on_postgresql:
        op.alter_column("outcomes", "offset", type_=big)
        for kind, columns in ((text, _TEXTS), (String(collation="C"), _NAMES)):
            for table, names in columns.items():
                for name in names:
                    op.alter_column(table, name, type_=kind)
    op.create_table(
        "copies",
        Column("article_id", text, primary_key=True),
        Column("story", text, nullable=False),
        Column("published", DateTime(timezone=True), nullable=False),
    )
    op.create_index("copies_by_story", "copies", ["story", "published"])
    op.create_table(
        "bands",
        Column("band", big, primary_key=True, autoincrement=False),
        Column("article_id", text, primary_key=True),
    )
    op.create_index("bands_by_article", "bands", ["article_id"])
