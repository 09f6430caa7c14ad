"""Version 5: alert topics, channels, the ledger of alerts and their messages."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Text,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


class _Types:
    def __init__(self, op: "Operations") -> None:
        on_postgresql = op.get_context().dialect.name == "postgresql"
        self.words = Text(collation="C") if on_postgresql else Text()
        self.name = String(collation="C") if on_postgresql else String()
        self.big = BigInteger() if on_postgresql else Integer()
        self.moment = DateTime(timezone=True)


def upgrade(op: "Operations") -> None:
    """Make the tables; see ``services.store.alert_tables`` for what is in them."""
    types = _Types(op)
    _topics(op, types)
    _channels(op, types)
    _alerts(op, types)
    _messages(op, types)
    _memory(op, types)


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _topics(op: "Operations", types: _Types) -> None:
    op.create_table(
        "alert_topics",
        Column("id", types.name, primary_key=True),
        Column("owner", types.words, nullable=False),
        Column("name", types.words, nullable=False),
        Column("turn", types.big, nullable=False),
        Column("removed", Boolean, nullable=False),
        Column("body", LargeBinary, nullable=False),
    )
    op.create_index("alert_topics_by_turn", "alert_topics", ["turn"])
    op.create_index(
        "alert_topics_by_name",
        "alert_topics",
        ["owner", "name"],
        unique=True,
        **_where("NOT removed"),
    )


def _channels(op: "Operations", types: _Types) -> None:
    op.create_table(
        "channels",
        Column("id", types.name, primary_key=True),
        Column("owner", types.words, nullable=False),
        Column("kind", types.name, nullable=False),
        Column("name", types.words, nullable=False),
        Column("address", types.words, nullable=False),
        Column("secrets", types.name, nullable=False),
        Column("token", types.name, nullable=False),
        Column("created_at", types.moment, nullable=False),
        Column("disabled", types.words, nullable=False),
        Column("failing_since", types.moment),
        Column("failures", Integer, nullable=False),
        Column("retry_at", types.moment),
    )
    op.create_index("channels_by_owner", "channels", ["owner"])


def _alerts(op: "Operations", types: _Types) -> None:
    op.create_table(
        "alerts",
        Column("seq", types.big, primary_key=True, autoincrement=True),
        Column("id", types.name, nullable=False, unique=True),
        Column("topic", types.name, nullable=False),
        Column("owner", types.words, nullable=False),
        Column("kind", types.name, nullable=False),
        Column("article_id", types.words, nullable=False),
        Column("event_id", types.words, nullable=False),
        Column("at", types.moment, nullable=False),
        Column("articles", Integer, nullable=False),
        Column("muted", Boolean, nullable=False),
        Column("body", LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("alerts_by_topic", "alerts", ["topic", "seq"])
    op.create_index("alerts_by_owner", "alerts", ["owner", "seq"])
    op.create_index("alerts_by_article", "alerts", ["article_id"])
    op.create_index("alerts_by_event", "alerts", ["event_id"])
    op.create_table(
        "alert_articles",
        Column("topic", types.name, primary_key=True),
        Column("article_id", types.words, primary_key=True),
        Column("alert", types.name, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("alert_articles_by_alert", "alert_articles", ["alert"])


def _messages(op: "Operations", types: _Types) -> None:
    op.create_table(
        "messages",
        Column("id", types.name, primary_key=True),
        Column("topic", types.name, nullable=False),
        Column("channel", types.name, nullable=False),
        Column("state", types.name, nullable=False),
        Column("opened_at", types.moment, nullable=False),
        Column("last_at", types.moment, nullable=False),
        Column("due_at", types.moment, nullable=False),
        Column("alerts", Integer, nullable=False),
        Column("articles", Integer, nullable=False),
        Column("held", Integer, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("taken_until", types.moment),
        Column("closed", Boolean, nullable=False),
        Column("sent_at", types.moment),
        Column("error", types.words, nullable=False),
    )
    op.create_index("messages_by_topic", "messages", ["topic", "opened_at"])
    op.create_index("messages_by_channel", "messages", ["channel", "state", "due_at"])
    op.create_index("messages_waiting", "messages", ["due_at"], **_where("state = 'open'"))
    op.create_index(
        "messages_gathering",
        "messages",
        ["topic", "channel"],
        unique=True,
        **_where("NOT closed"),
    )
    op.create_table(
        "message_alerts",
        Column("message", types.name, primary_key=True),
        Column("alert", types.name, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("message_alerts_by_alert", "message_alerts", ["alert"])


def _memory(op: "Operations", types: _Types) -> None:
    op.create_table(
        "decided",
        Column("article_id", types.words, primary_key=True),
        Column("seen", types.moment, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "told_claims",
        Column("seq", types.big, primary_key=True, autoincrement=True),
        Column("kind", types.name, nullable=False),
        Column("subject", types.words, nullable=False),
        Column("article_id", types.words, nullable=False),
        Column("body", LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("told_claims_by_subject", "told_claims", ["kind", "subject", "seq"])
    op.create_index("told_claims_by_article", "told_claims", ["article_id"])
    op.create_table(
        "topic_stories",
        Column("topic", types.name, primary_key=True),
        Column("story", types.words, primary_key=True),
        Column("at", types.moment, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("topic_stories_by_time", "topic_stories", ["topic", "at"])
