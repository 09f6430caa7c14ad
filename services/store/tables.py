"""The store's tables, the same on every database, and the types of what is in them.

A change here needs a migration: see ``services.store.migrations``.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.types import TypeEngine

BY_CODE_POINT = "C"
"""PostgreSQL's collation that orders text as SQLite does, and never changes with its system."""

Name = String().with_variant(String(collation=BY_CODE_POINT), "postgresql")
"""A short text that the code itself chose."""

Big = BigInteger().with_variant(Integer, "sqlite")
"""64 bits, as an offset needs them; every integer of SQLite has them."""


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC)

    def process_result_value(
        self,
        value: Any | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> datetime | None:
        found: datetime | None = value
        if found is None or found.tzinfo is not None:
            return found
        return found.replace(tzinfo=UTC)


class Words(TypeDecorator[str]):
    """Text from outside: what no database takes (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation=BY_CODE_POINT if dialect.name == "postgresql" else None)

    def process_bind_param(
        self,
        value: str | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy passes it
    ) -> str | None:
        if value is None:
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value.replace("\0", "\ufffd") if "\0" in value else value
        return (
            value.replace("\0", "\ufffd")
            .encode("utf-16", "surrogatepass")
            .decode("utf-16", "replace")
        )


metadata = MetaData()

schema = Table("beatwire_schema", metadata, Column("version", Integer, nullable=False))

sources = Table(
    "sources",
    metadata,
    Column("id", Words, primary_key=True),
    Column("url", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("checked_at", Moment),
    Column("note", Words, nullable=False),
    Column("kind", Name, nullable=False, server_default=text("''")),
    Column("language", Name, nullable=False, server_default=text("''")),
    Column("home", Words, nullable=False, server_default=text("''")),
    Column("every", Float),
    Column("priority", Integer, nullable=False, server_default=text("0")),
)

targets = Table(
    "targets",
    metadata,
    Column("url", Words, primary_key=True),
    Column("source", Words, nullable=False),
    Column("hints", Words),
    Column("etag", Words, nullable=False),
    Column("last_modified", Words, nullable=False),
    Column("content_hash", Name, nullable=False),
    Column("fetched_at", Moment),
    Column("outcome", Name, nullable=False),
    Column("found_at", Moment),
    Column("ended_at", Moment),
    Column("reason", Words, nullable=False, server_default=text("''")),
    Column("event_id", Words, nullable=False, server_default=text("''")),
    Index("targets_by_source", "source", "outcome"),
)
"""The frontier; what stands after ``outcome`` is for trails (``services.store.trails.Way``)."""

links = Table(
    "links",
    metadata,
    Column("listing", Words, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("url", Words, nullable=False),
)
"""What each listing named last, in its order."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("stage", Name, primary_key=True),
    Column("topic", Name, primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("offset", Big, primary_key=True, autoincrement=False),
    Column("event_id", Words, nullable=False),
    Column("outcome", Name, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Index("outcomes_by_end", "stage", "outcome"),
    Index("outcomes_by_event", "event_id"),
)

pages_read = Table(
    "pages_read",
    metadata,
    Column("source", Words, primary_key=True),
    Column("page", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("outcome", Name, nullable=False),
    Column("words", Integer, nullable=False),
    Column("title", Boolean, nullable=False),
    Column("date", Boolean, nullable=False),
    Column("authors", Boolean, nullable=False),
    Index("pages_read_by_time", "source", "at", "page"),
)
"""What reading gave of each source's last pages."""

copies = Table(
    "copies",
    metadata,
    Column("article_id", Words, primary_key=True),
    Column("story", Words, nullable=False),
    Column("published", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("original", Boolean, nullable=False),
    Index("copies_by_story", "story", "published"),
)
"""Which story each article tells. A story has the id of the article that began it."""

Index(
    "copies_original",
    copies.c.story,
    unique=True,
    sqlite_where=copies.c.original,
    postgresql_where=copies.c.original,
)
"""A story has one original, and it is found without a look at the copies."""

bands = Table(
    "bands",
    metadata,
    Column("band", Big, primary_key=True, autoincrement=False),
    Column("story", Words, primary_key=True),
    # As they are looked up by their key alone, the key is all there is of them.
    sqlite_with_rowid=False,
)
"""The band hashes of texts, and the story that each was found to tell, by the id it had then."""

retold = Table(
    "retold",
    metadata,
    Column("article_id", Words, primary_key=True),
    Column("story", Words, nullable=False),
    Column("turn", Big, nullable=False),
    Column("told", Boolean, nullable=False),
    Index("retold_by_turn", "turn"),
)
"""Articles whose story or originality the join of another one changed, to which, in which turn."""

Index(
    "retold_not_told",
    retold.c.story,
    sqlite_where=~retold.c.told,
    postgresql_where=~retold.c.told,
)
"""What an index may not know yet."""

story_events = Table(
    "story_events",
    metadata,
    Column("story", Words, primary_key=True),
    Column("event", Words, nullable=False),
    Column("published", Moment, nullable=False),
    Column("sign", LargeBinary, nullable=False),
)
"""The event that each story is about, and the article that told of it. An event has the id of the
story that began it."""

event_keys = Table(
    "event_keys",
    metadata,
    Column("key", Big, primary_key=True, autoincrement=False),
    Column("story", Words, primary_key=True),
    sqlite_with_rowid=False,
)
"""Pairs of the heaviest terms of stories, by which an article finds those of its event."""

users = Table(
    "users",
    metadata,
    Column("name", Words, primary_key=True),
    Column("password", Name, nullable=False),
    Column("role", Name, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", Name, primary_key=True),
    Column("user", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("sessions_by_user", "user"),
    Index("sessions_by_end", "expires_at"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("prefix", Name, primary_key=True),
    Column("digest", Name, nullable=False),
    Column("owner", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("scopes", Name, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Index("api_keys_by_owner", "owner"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("id", Name, primary_key=True),
    Column("owner", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index("saved_searches_by_name", "owner", "name", unique=True),
)
