"""The tables of alerts, as ``services.store.tables`` has the others."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table

from services.store.tables import Big, Moment, Name, Words, metadata

alert_topics = Table(
    "alert_topics",
    metadata,
    Column("id", Name, primary_key=True),
    Column("owner", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("turn", Big, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("alert_topics_by_turn", "turn"),
)
"""A topic that was removed leaves its id here, so that every worker learns of it."""

Index(
    "alert_topics_by_name",
    alert_topics.c.owner,
    alert_topics.c.name,
    unique=True,
    sqlite_where=~alert_topics.c.removed,
    postgresql_where=~alert_topics.c.removed,
)

channels = Table(
    "channels",
    metadata,
    Column("id", Name, primary_key=True),
    Column("owner", Words, nullable=False),
    Column("kind", Name, nullable=False),
    Column("name", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("secrets", Name, nullable=False),
    Column("token", Name, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled", Words, nullable=False),
    Column("failing_since", Moment),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Moment),
    Index("channels_by_owner", "owner"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),
    Column("id", Name, nullable=False, unique=True),
    Column("topic", Name, nullable=False),
    Column("owner", Words, nullable=False),
    Column("kind", Name, nullable=False),
    Column("article_id", Words, nullable=False),
    Column("event_id", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("muted", Boolean, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("alerts_by_topic", "topic", "seq"),
    Index("alerts_by_owner", "owner", "seq"),
    Index("alerts_by_article", "article_id"),
    Index("alerts_by_event", "event_id"),
    # A number that was given is never given again: who reads on after one misses nothing.
    sqlite_autoincrement=True,
)
"""The ledger. The id is made of the topic and what is told, so that nothing is told twice."""

alert_articles = Table(
    "alert_articles",
    metadata,
    Column("topic", Name, primary_key=True),
    Column("article_id", Words, primary_key=True),
    Column("alert", Name, nullable=False),
    Index("alert_articles_by_alert", "alert"),
    sqlite_with_rowid=False,
)
"""Which articles an alert stands for: the first one and its copies."""

messages = Table(
    "messages",
    metadata,
    Column("id", Name, primary_key=True),
    Column("topic", Name, nullable=False),
    Column("channel", Name, nullable=False),
    Column("state", Name, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("alerts", Integer, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Moment),
    Column("body", LargeBinary, nullable=False),
    Column("taken_until", Moment),
    Column("closed", Boolean, nullable=False),
    Column("sent_at", Moment),
    Column("error", Words, nullable=False),
    Index("messages_by_topic", "topic", "opened_at"),
    Index("messages_by_channel", "channel", "state", "due_at"),
)

Index(
    "messages_waiting",
    messages.c.due_at,
    sqlite_where=messages.c.state == "open",
    postgresql_where=messages.c.state == "open",
)
Index(
    "messages_gathering",
    messages.c.topic,
    messages.c.channel,
    unique=True,
    sqlite_where=~messages.c.closed,
    postgresql_where=~messages.c.closed,
)
"""Of a topic and a channel one message gathers alerts at a time."""

message_alerts = Table(
    "message_alerts",
    metadata,
    Column("message", Name, primary_key=True),
    Column("alert", Name, primary_key=True),
    Index("message_alerts_by_alert", "alert"),
    sqlite_with_rowid=False,
)

decided = Table(
    "decided",
    metadata,
    Column("article_id", Words, primary_key=True),
    Column("seen", Moment, nullable=False),
    sqlite_with_rowid=False,
)
"""The last fetch of each article that was decided on."""

told_claims = Table(
    "told_claims",
    metadata,
    Column("seq", Big, primary_key=True, autoincrement=True),
    Column("kind", Name, nullable=False),
    Column("subject", Words, nullable=False),
    Column("article_id", Words, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("told_claims_by_subject", "kind", "subject", "seq"),
    Index("told_claims_by_article", "article_id"),
    sqlite_autoincrement=True,
)
"""What was claimed before, in the order in which it was decided on."""

topic_stories = Table(
    "topic_stories",
    metadata,
    Column("topic", Name, primary_key=True),
    Column("story", Words, primary_key=True),
    Column("at", Moment, nullable=False),
    Index("topic_stories_by_time", "topic", "at"),
    sqlite_with_rowid=False,
)
"""The stories of topics that wait for a spike, whether they were told or not."""
