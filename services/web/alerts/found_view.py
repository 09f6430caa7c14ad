"""Alerts in a list: of a topic, of the inbox, of a preview."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from processors.records import Alert
from services.alerts.words import headline
from services.index import source_name
from services.store.alerting import Noted
from services.web.moments import Moment, if_known, moment

PAGE = 25


class FoundLine(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it is listed."""

    id: str
    """Empty in a preview, where nothing was decided."""
    title: str
    correction: bool
    topic: str
    topic_name: str
    article: str
    source: str
    at: Moment
    published: Moment | None
    copies: int
    muted: bool
    news: str
    why: str
    quote: str


class FoundPage(msgspec.Struct, frozen=True):
    """Alerts, the newest first."""

    lines: tuple[FoundLine, ...]
    older: str
    """The address of the next page; empty after the last."""
    newest: int = 0
    """The place of the first one."""


def found_line(alert: Alert, now: datetime, *, noted: Noted | None = None) -> FoundLine:
    first = alert.reasons[0] if alert.reasons else None
    return FoundLine(
        id=alert.id if noted else "",
        title=headline(alert),
        correction=alert.kind == "correction",
        topic=alert.topic,
        topic_name=alert.topic_name,
        article=alert.article_id,
        source=source_name(alert),
        at=moment(alert.at, now),
        published=if_known(alert.published, now),
        copies=max(0, noted.articles - 1) if noted else 0,
        muted=noted.muted if noted else False,
        news=alert.news,
        why=first.says if first else "",
        quote=first.quote if first else "",
    )


def found_page(found: Sequence[Noted], address: str, now: datetime) -> FoundPage:
    """The first ``PAGE`` of what the store gave, one more of which says that there are older."""
    shown = found[:PAGE]
    mark = "&" if "?" in address else "?"
    older = f"{address}{mark}before={shown[-1].seq}" if len(found) > PAGE else ""
    return FoundPage(
        tuple(found_line(each.alert, now, noted=each) for each in shown),
        older,
        shown[0].seq if shown else 0,
    )
