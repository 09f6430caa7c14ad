"""The tables of what comes in other ways than by looking: history, imports, hubs."""

from sqlalchemy import Column, Index, Integer, Table

from services.store.tables import Moment, Name, Words, metadata

history = Table(
    "history",
    metadata,
    Column("article_id", Words, primary_key=True),
    sqlite_with_rowid=False,
)
"""Articles that alerts know from history: they came by an import before they came live."""

imports = Table(
    "imports",
    metadata,
    Column("file", Name, primary_key=True),
    Column("records", Integer, nullable=False),
    Column("at", Moment, nullable=False),
)
"""How many records of a file are in the log already; files are told apart by what is in them."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("source", Words, primary_key=True),
    Column("topic", Words, nullable=False),
    Column("hub", Words, nullable=False),
    Column("token", Name, nullable=False),
    Column("secret", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("reason", Words, nullable=False),
    Column("asked_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("until", Moment),
    Column("heard_at", Moment),
    Index("subscriptions_by_token", "token", unique=True),
)
"""What hubs were asked for; see ``services.store.intake.Subscription``."""
