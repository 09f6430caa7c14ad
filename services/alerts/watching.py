"""The alert topics as a worker knows them: compiled, and never long behind the store."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from processors.query.errors import QueryError
from processors.query.match import Matcher
from processors.query.syntax import parse_query
from processors.query.tree import Node
from processors.query.why import Reading, reasons
from processors.records import Alert, Article, Claim
from services.store.alerting import Alerting, AlertTopic
from services.store.deciding import MOST_CLAIMS

REFRESH_SECONDS = 1.0
"""A topic that is made or changed is looked for so soon after, by every worker."""
_MUCH_LATER = timedelta(days=4000)
_decode = msgspec.json.Decoder(AlertTopic).decode
log = logging.getLogger(__name__)


class Watching:
    """Finds the topics that an article meets."""

    def __init__(self, store: Alerting, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._matcher = Matcher()
        self._topics: dict[str, bytes] = {}
        """Encoded, as there may be a million of them."""
        self._moving: set[str] = set()
        """Topics whose query counts days from now."""
        self._turn = 0
        self._looked: float | None = None

    def refresh(self, now: datetime) -> None:
        """Follow the store, at most once in ``REFRESH_SECONDS``. Raises as ``Store``."""
        if self._looked is not None and self._clock() - self._looked < REFRESH_SECONDS:
            return
        self.follow(now)
        self._looked = self._clock()

    def follow(self, now: datetime) -> None:
        """Take up what changed in the store since the last time. Raises as ``Store``."""
        changes = self._store.topic_changes(self._turn)
        for topic_id in (*changes.removed, *(topic.id for topic in changes.changed)):
            self._leave(topic_id)
        for topic in changes.changed:
            self._take_up(topic, now)
        for topic_id in sorted(self._moving):
            self._take_up(_decode(self._topics[topic_id]), now)
        self._turn = changes.turn

    def met(self, article: Article, event_id: str, now: datetime) -> tuple[Alert, ...]:
        """The topics that an article meets, as alerts that were not decided yet."""
        reading = Reading(article)
        found = [_decode(self._topics[each]) for each in self._matcher.matching(article)]
        told = (
            alert_of(topic, parse_query(topic.query, now), reading, event_id, now)
            for topic in found
        )
        # Days from now are counted a moment later for the reasons than for the match.
        return tuple(alert for alert in told if alert.reasons)

    def _leave(self, topic_id: str) -> None:
        if topic_id in self._topics:
            self._matcher.remove(topic_id)
            del self._topics[topic_id]
            self._moving.discard(topic_id)

    def _take_up(self, topic: AlertTopic, now: datetime) -> None:
        if topic.disabled:
            return
        try:
            node = parse_query(topic.query, now)
            if parse_query(topic.query, now + _MUCH_LATER) != node:
                self._moving.add(topic.id)
        except QueryError as error:
            log.warning("alert topic %s is not looked at any more: %s", topic.id, error)
            reason = f"its query cannot be read: {error}"
            self._store.change_topic(msgspec.structs.replace(topic, disabled=reason))
            return
        self._matcher.add(topic.id, node)
        self._topics[topic.id] = msgspec.json.encode(topic)


def alert_of(
    topic: AlertTopic, node: Node, reading: Reading, event_id: str, now: datetime
) -> Alert:
    """What tells the owner of a topic of an article, before anything that was known counts.

    ``node`` is the topic's query, days from now counted from ``now``.
    """
    article = reading.article
    found = reasons(node, article, reading)
    return Alert(
        id="",
        kind="match",
        topic=topic.id,
        topic_name=topic.name,
        topic_version=topic.version,
        owner=topic.owner,
        query=topic.query,
        when=topic.when,
        at=now,
        event_id=event_id,
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        site_name=article.site_name,
        published=article.published,
        fetched_at=article.fetched_at,
        content_hash=article.content_hash,
        story=article.story or article.id,
        reasons=found,
        claims=_claims(article, [reason.claim for reason in found if reason.claim is not None]),
        made_by=article.made_by,
    )


def _claims(article: Article, cited: list[Claim]) -> tuple[Claim, ...]:
    """Those that a query asked for first."""
    others = [claim for claim in article.claims if claim not in cited]
    return tuple([*cited, *others][:MOST_CLAIMS])
