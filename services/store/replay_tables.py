"""The table of runs that put events on the log once more."""

from sqlalchemy import Column, Table

from services.store.tables import Big, Moment, Name, Words, metadata

replays = Table(
    "replays",
    metadata,
    Column("id", Name, primary_key=True),
    Column("state", Name, nullable=False),
    Column("turn", Big, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("run", Words, nullable=False),
)
"""``run`` is a ``services.store.replays.Replay`` as JSON; the others are what is looked for."""
