"""The topics of the bus: their names, partitions and what travels on them."""

import msgspec


class Topic(msgspec.Struct, frozen=True):
    name: str
    partitions: int
    carries: str
    max_event_bytes: int


PAGES = Topic("pages", 8, "Page: what a crawler fetched, as fetched", 8 * 1024 * 1024)
ARTICLES = Topic("articles", 8, "Article: what the read stage made of a page", 8 * 1024 * 1024)
DEAD = Topic("dead", 1, "DeadLetter: events that can never pass", 16 * 1024 * 1024)

TOPICS = {topic.name: topic for topic in (PAGES, ARTICLES, DEAD)}
