"""Version 7: what kind of publisher a source is, its language, home, rhythm and priority."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, Float, Integer, String, Text
from sqlalchemy import text as sql

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Sources from before are of no kind and of equal rank."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    text, name = (
        (Text(collation="C"), String(collation="C")) if on_postgresql else (Text(), String())
    )
    for column, kind in (("kind", name), ("language", name), ("home", text)):
        op.add_column("sources", Column(column, kind, nullable=False, server_default=sql("''")))
    op.add_column("sources", Column("every", Float))
    op.add_column("sources", Column("priority", Integer, nullable=False, server_default=sql("0")))
