"""Topics that found something, in a store: what the pages of alerts are tried on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from processors.records import Article, encode
from services.alerts.topics import Wish, new_topic
from services.bus import Event
from services.stages.alert import AlertStage
from services.store import Store
from services.store.alerting import AlertTopic, Noted

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


def followed(store: Store, owner: str, query: str, now: datetime, **wish: Any) -> AlertTopic:
    """A topic of somebody, in the store, that looks at everything since 2020."""
    channels = [each.id for each in store.channels(owner)]
    made = new_topic(owner, Wish(query=query, **wish), channels, now)
    topic = msgspec.structs.replace(made, since=BEGINNING, created_at=BEGINNING)
    assert store.add_topic(topic)
    return topic


def tell(store: Store, articles: Sequence[Article], now: datetime) -> list[Noted]:
    """What the topics of a store make of articles, by the stage itself; oldest first."""
    newest = store.alerts(limit=1)
    AlertStage(store, lambda: now).handle([_event(article) for article in articles])
    return store.alerts(after=newest[0].seq if newest else 0, limit=1000)


def _event(article: Article) -> Event:
    return Event(
        id=f"{article.id}-{article.content_hash}",
        type="article/1",
        key=article.id,
        time=article.fetched_at,
        data=encode(article),
    )
