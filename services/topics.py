"""The topics of the bus: their names, partitions and what travels on them.

This is the one definition. A log that creates its topics, as Kafka does, takes it from here.
"""

from datetime import timedelta

import msgspec


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    carries: str
    partitions: int
    max_event_bytes: int
    """The most that the data of one event may have."""
    retention: timedelta | None = None
    """How long Kafka keeps events, by their time; None: for ever. The one-file log keeps all
    that `beatwire prune` does not drop.

    Pages and articles are kept, because reading and indexing can be done again from the log.
    """


PAGES = Topic(
    name="pages",
    carries="Page: what a crawler fetched, as fetched",
    partitions=12,
    max_event_bytes=8 * 1024 * 1024,
)
ARTICLES = Topic(
    name="articles",
    carries="Article: what the read stage made of a page",
    partitions=12,
    max_event_bytes=8 * 1024 * 1024,
)
PAGES_BACKFILL = msgspec.structs.replace(
    PAGES, name="pages.backfill", carries="Page: history, as somebody else or we fetched it before"
)
ARTICLES_BACKFILL = msgspec.structs.replace(
    ARTICLES, name="articles.backfill", carries="Article: what was made of a page of history"
)
ALERTS = Topic(
    name="alerts",
    carries="Alert: what an alert topic was met by, and why, for machines",
    partitions=12,
    max_event_bytes=8 * 1024 * 1024,
    retention=timedelta(days=365),
)
DEAD = Topic(
    name="dead",
    carries="DeadLetter: events that can never pass",
    partitions=1,
    max_event_bytes=16 * 1024 * 1024,
    retention=timedelta(days=365),
)

TOPICS = {
    topic.name: topic
    for topic in (PAGES, ARTICLES, PAGES_BACKFILL, ARTICLES_BACKFILL, ALERTS, DEAD)
}
