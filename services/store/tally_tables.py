"""The table of tallies: how many ended alike in each minute of the last day."""

from sqlalchemy import Column, Integer, Table

from services.store.tables import Big, Moment, Name, metadata

tallies = Table(
    "tallies",
    metadata,
    Column("minute", Big, primary_key=True, autoincrement=False),
    Column("stage", Name, primary_key=True),
    Column("outcome", Name, primary_key=True),
    Column("version", Name, primary_key=True),
    Column("within", Integer, primary_key=True, autoincrement=False),
    Column("events", Big, nullable=False),
    Column("last", Moment, nullable=False),
)
"""See ``services.store.tallies.Tally``; ``minute`` is counted from 1970."""
