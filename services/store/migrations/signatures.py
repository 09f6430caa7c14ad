"""Signatures of copies, originals, and what the index has to be told; bands are of stories.

The tables that the step ``copies`` made were never filled: nothing joined an article before.
"""

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Made anew, as they are empty."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text = Text(collation="C") if on_postgresql else Text()
    big = BigInteger() if on_postgresql else Integer()
    moment = DateTime(timezone=True)
    op.drop_table("bands")
    op.drop_table("copies")
    op.create_table(
        "copies",
        Column("article_id", text, primary_key=True),
        Column("story", text, nullable=False),
        Column("published", moment, nullable=False),
        Column("seen", moment, nullable=False),
        Column("signature", LargeBinary, nullable=False),
        Column("original", Boolean, nullable=False),
    )
    op.create_index("copies_by_story", "copies", ["story", "published"])
    where = sql("original" if on_postgresql else "original = 1")
    op.create_index(
        "copies_original",
        "copies",
        ["story"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    op.create_table(
        "bands",
        Column("band", big, primary_key=True, autoincrement=False),
        Column("story", text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "retold",
        Column("article_id", text, primary_key=True),
        Column("story", text, nullable=False),
        Column("turn", big, nullable=False),
        Column("told", Boolean, nullable=False),
    )
    op.create_index("retold_by_turn", "retold", ["turn"])
    where = sql("NOT told" if on_postgresql else "told = 0")
    op.create_index(
        "retold_not_told",
        "retold",
        ["story"],
        sqlite_where=where,
        postgresql_where=where,
    )
