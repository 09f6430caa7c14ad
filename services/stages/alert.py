"""The stage ``alert``: an article is told to whoever has a topic that it meets, once.

The decision and what is to be sent of it are one transaction of the store; what goes on topic
``alerts`` follows from the rows, so that an event that comes again brings the same.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from processors.records import Article, encode
from services.alerts.watching import Watching
from services.bus import Event
from services.metrics import ALERT_MATCHES
from services.stages import Result
from services.stages.records import record_of
from services.stages.stories import as_copy, told_as
from services.store import Store
from services.store.alerting import Candidate, Noted


def _now() -> datetime:
    return datetime.now(UTC)


class AlertStage:
    """Joins articles to their stories, as the index does, so that copies are told as one."""

    def __init__(self, store: Store, now: Callable[[], datetime] = _now) -> None:
        """Takes up all topics, a minute and a half a million; raises as ``Store``."""
        self._store, self._now = store, now
        self._watching = Watching(store)
        # Not with the first event, whose time is limited.
        self._watching.follow(now())

    def handle(self, events: Sequence[Event]) -> list[Result]:
        now = self._now()
        self._watching.refresh(now)
        articles = [record_of(event, Article) for event in events]
        joined = self._store.join_stories([as_copy(article) for article in articles])
        candidates = []
        for event, article, each in zip(events, articles, joined, strict=True):
            placed = told_as(article, each.told)
            met = self._watching.met(placed, event.id, now)
            candidates.append(Candidate(article=placed, event_id=event.id, matches=met))
        decided = self._store.decide(candidates, now)
        ALERT_MATCHES.inc(sum(len(noted) for noted in decided))
        return [_result(noted) for noted in decided]

    def close(self) -> None:
        self._store.close()


def _result(noted: Sequence[Noted]) -> Result:
    return Result(
        "alerted" if noted else "no-alert",
        f"{len(noted)} alerts" if len(noted) > 1 else "",
        outputs=tuple(_event(each) for each in noted),
    )


def _event(noted: Noted) -> Event:
    alert = noted.alert
    return Event(id=alert.id, type="alert/1", key=alert.topic, time=alert.at, data=encode(alert))
