"""The tables of dead letters: what became of each, and how far the log was read for them."""

from sqlalchemy import Column, Index, Integer, Table, text

from services.store.tables import Big, Moment, Name, Words, metadata

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", Words, primary_key=True),
    Column("at", Big, nullable=False),
    Column("stage", Name, nullable=False),
    Column("topic", Name, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", Big, nullable=False),
    Column("key", Words, nullable=False),
    Column("event_id", Words, nullable=False),
    Column("error_class", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("failed_at", Moment, nullable=False),
    Column("code_version", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("changed_at", Moment),
    Column("changed_by", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("ends", Name, nullable=False, server_default=text("''")),
    Column("after", Words, nullable=False),
    Index("dead_letters_by_place", "at"),
    Index("dead_letters_by_state", "state", "stage", "error_class"),
    Index("dead_letters_by_event", "event_id"),
)
"""See ``services.store.letters.Letter``; ``ends`` is JSON."""

letters_read = Table(
    "letters_read",
    metadata,
    Column("topic", Name, primary_key=True),
    Column("upto", Big, nullable=False),
)
"""One row: the first offset of the topic of dead letters that was not noted yet."""
