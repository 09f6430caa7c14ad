"""Version 6: a message that was refused waits by itself, and its channel does not."""

from typing import TYPE_CHECKING

from sqlalchemy import Column, DateTime

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: "Operations") -> None:
    """A message that waits from before goes on with its channel."""
    op.add_column("messages", Column("retry_at", DateTime(timezone=True)))
