"""Version 14: how many events ended alike in each minute of the last day."""

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, DateTime, Integer, PrimaryKeyConstraint, String

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """Make the table; what ended before is not counted."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    name = String(collation="C") if on_postgresql else String()
    big = BigInteger() if on_postgresql else Integer()
    op.create_table(
        "tallies",
        Column("minute", big, nullable=False),
        Column("stage", name, nullable=False),
        Column("outcome", name, nullable=False),
        Column("version", name, nullable=False),
        Column("within", Integer, nullable=False),
        Column("events", big, nullable=False),
        Column("last", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("minute", "stage", "outcome", "version", "within"),
    )
