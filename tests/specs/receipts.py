"""Queries that some text means, and alerts made of reasons, for tests of receipts."""

import re
from datetime import UTC, datetime
from random import Random

from msgspec.structs import replace

from processors.query import tree
from processors.query.why import reasons
from processors.records import Alert, Article, EntityType, Span
from tests.specs.chance import random_article, random_node

TYPES: tuple[tuple[EntityType, ...], ...] = (
    (),
    ("person",),
    ("company", "lab", "fund", "agency"),
    ("model",),
    ("chip",),
)
"""The types of entities that a filter asks for."""
_SENTENCE = re.compile(r"\S.*?\.(?= |$)")
DECIDED = datetime(2025, 3, 1, tzinfo=UTC)


def random_query(random: Random) -> tree.Node:
    """A tree drawn by chance, with no types but those that a query can ask for."""
    return _askable(random_node(random), random)


def _askable(node: tree.Node, random: Random) -> tree.Node:
    match node:
        case tree.And(parts=parts):
            return tree.And(tuple(_askable(part, random) for part in parts))
        case tree.Or(parts=parts):
            return tree.Or(tuple(_askable(part, random) for part in parts))
        case tree.Not(part=part):
            return tree.Not(_askable(part, random))
        case tree.EntityIs(text=text, types=(_, *_)):
            return tree.EntityIs(text, random.choice(TYPES))
        case leaf:
            return leaf


def random_placed_article(random: Random, number: int) -> Article:
    """An article drawn by chance whose entities and moods say where they stand."""
    article = random_article(random, number)
    sentences = [Span(start=it.start(), end=it.end()) for it in _SENTENCE.finditer(article.body)]
    words = [Span(start=it.start, end=min(it.start + 3, it.end)) for it in sentences]
    return replace(
        article,
        entities=tuple(
            replace(one, mentions=tuple(random.sample(words, random.randint(0, 2))))
            for one in article.entities
        ),
        moods=tuple(
            replace(one, evidence=tuple(random.sample(sentences, random.randint(0, 2))))
            for one in article.moods
        ),
    )


def alert_of(query: str, node: tree.Node, article: Article) -> Alert:
    """The alert of a topic that is this query, with its reasons."""
    return Alert(
        id="alert",
        kind="match",
        topic="topic",
        topic_name="Topic",
        topic_version=1,
        owner="ada",
        query=query,
        at=DECIDED,
        event_id="event",
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        fetched_at=article.fetched_at,
        content_hash=article.content_hash,
        story=article.story or article.id,
        reasons=reasons(node, article),
    )
