"""The table of chores: what is done from time to time, by whichever process comes first."""

from sqlalchemy import Column, Table

from services.store.tables import Moment, Name, metadata

chores = Table(
    "chores",
    metadata,
    Column("name", Name, primary_key=True),
    Column("begun_at", Moment, nullable=False),
)
