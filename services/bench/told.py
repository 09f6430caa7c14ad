"""What alerts cost: topics that are matched, alerts that are decided, messages that are sent."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time, sleep

from processors.query.match import Matcher
from processors.query.syntax import parse_query
from processors.records import Article
from services.alerts.rules import new_secret
from services.alerts.sending import Sender
from services.bench.newsprint import newsprint
from services.bench.topics import topic_queries
from services.bootstrap import open_carriers, open_store
from services.errors import UserError
from services.settings import Settings
from services.stages.stories import as_copy, told_as
from services.store import Store
from services.store.alerting import AlertTopic, Candidate, Channel

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ROUNDS = 3
GATHERED = 1.0
"""Seconds after which the last message is due: half a second is gathered."""
SERIAL = 64
"""Articles of one transaction."""


def matching(topics: int, articles: int) -> tuple[float, float]:
    """CPU seconds an article, whatever the topics, and more for each 1,000 of them.

    From the times with all of these made-up topics and with a tenth of them, after as many
    articles that do not count: topics find their places meanwhile.
    """
    made = list(newsprint(range(2 * articles)))
    matcher, few = Matcher(), max(topics // 10, 1)
    queries = topic_queries(range(topics))

    def matched(upto: int) -> float:
        for query in islice(queries, upto - len(matcher)):
            matcher.add(f"{len(matcher)}", parse_query(query))
        for article in made[:articles]:
            matcher.matching(article)
        return min(_matched(matcher, made[articles:]) for _ in range(ROUNDS)) / articles

    with_few, with_all = matched(few), matched(topics)
    more = max(with_all - with_few, 0.0) / (topics - few) * 1_000 if topics > few else 0.0
    return max(with_few - more * few / 1_000, 0.0), more


def _matched(matcher: Matcher, articles: Sequence[Article]) -> float:
    start = process_time()
    for article in articles:
        matcher.matching(article)
    return process_time() - start


def subscribe(store: Store, address: str, words: Sequence[str]) -> None:
    """A topic for each word, with a webhook of its own: an alert each is a message each."""
    for word in words:
        channel = Channel(
            id=word,
            owner="bench",
            kind="webhook",
            address=address,
            secrets=(new_secret(),),
            created_at=LONG_AGO,
        )
        topic = AlertTopic(
            id=word,
            owner="bench",
            name=word,
            query=word,
            channels=(word,),
            cap=1000,
            created_at=LONG_AGO,
            since=LONG_AGO,
        )
        store.add_channel(channel)
        store.add_topic(topic)


def sending(settings: Settings, store: Store, messages: int) -> float:
    """CPU seconds a message of ``beatwire deliver``, until none is left.

    Raises UserError unless all are taken.
    """
    said = logging.getLogger("services.alerts")
    level = said.level
    said.setLevel(logging.ERROR)  # that they go to this machine is not worth a warning
    sleep(GATHERED)
    try:
        start = process_time()
        ends = asyncio.run(_sent(settings, store))
        took = process_time() - start
    finally:
        said.setLevel(level)
    if ends != {"sent": messages}:
        raise UserError(f"bench stages: of {messages} messages came {ends or 'nothing'}")
    return took / messages


async def _sent(settings: Settings, store: Store) -> dict[str, int]:
    carriers = open_carriers(settings, asyncio.Event())
    sender = Sender(store, carriers, soon=timedelta())  # what fails is not tried again
    await sender.run(asyncio.Event(), drained=lambda: True)
    return dict(sender.ends)


def joining(settings: Settings, articles: Sequence[Article]) -> float:
    """CPU seconds an article in the transactions of the store that run one at a time.

    They join its story for the index and for alerts, and decide who is told. ``settings`` are of
    an empty installation.
    """
    now = datetime.now(UTC)
    copies = [as_copy(article) for article in articles]
    start = process_time()
    with open_store(settings) as store:
        for at in range(0, len(articles), SERIAL):
            part = copies[at : at + SERIAL]
            store.join_stories(part)
            joined = store.join_stories(part)
            candidates = [
                Candidate(article=told_as(article, each.told), event_id=article.id)
                for article, each in zip(articles[at : at + SERIAL], joined, strict=True)
            ]
            store.decide(candidates, now)
    return (process_time() - start) / len(articles)
