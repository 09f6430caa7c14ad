"""The JSON that a webhook gets; its shape is told in ``docs/alerts-delivery.md``."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from processors.figures import claim_line
from processors.records import Reason
from services.alerts.links import Links, followed
from services.alerts.words import LONGEST_NAME, LONGEST_TITLE, counts, cut, held
from services.answers.clean import one_line
from services.store.alerting import Noted, Parcel

TYPE = "topic.alerts"
MOST_BYTES = 19_999
"""Receivers are told that a body is below 20 KB."""
REASONS, CLAIMS = 5, 5
"""Of an alert; how many there are in all stands beside them."""


def payload(parcel: Parcel, links: Links) -> bytes:
    """As many of the alerts as there is room for, in their order, and how many more there are."""
    room = MOST_BYTES - len(_whole(parcel, links, []))
    shown: list[dict[str, Any]] = []
    for noted in parcel.alerts:
        shape = _alert(noted, links)
        size = len(msgspec.json.encode(shape)) + 1
        if size > room and not shown:
            shape = _short(shape)
            size = len(msgspec.json.encode(shape)) + 1
        if size > room:
            break
        shown.append(shape)
        room -= size
    return _whole(parcel, links, shown)


def _whole(parcel: Parcel, links: Links, shown: list[dict[str, Any]]) -> bytes:
    message, topic = parcel.message, parcel.topic
    body = {
        "type": TYPE,
        "timestamp": _iso(message.last_at),
        "data": {
            "topic": {
                "id": topic.id,
                "name": cut(topic.name, LONGEST_NAME),
                "query": one_line(topic.query),
                "when": topic.when,
                "version": topic.version,
            },
            "alerts": shown,
            "counts": {
                "says": counts(parcel),
                "alerts": message.alerts,
                "articles": message.articles,
                "shown": len(shown),
                "more": message.alerts - len(shown),
            },
            "held": {"alerts": message.held, "says": held(parcel)},
            "links": {
                "topic": links.topic(topic.id),
                "inbox": links.inbox,
                "channels": links.channels,
            },
        },
    }
    return msgspec.json.encode(body)


def _alert(noted: Noted, links: Links) -> dict[str, Any]:
    alert = noted.alert
    return {
        "id": alert.id,
        "kind": alert.kind,
        "at": _iso(alert.at),
        "page": links.alert(alert.id),
        "title": cut(alert.title, LONGEST_TITLE),
        "url": alert.url if followed(alert.url) else links.article(alert.article_id),
        "source": one_line(alert.source),
        "site_name": cut(alert.site_name, LONGEST_NAME),
        "published": alert.published and alert.published.isoformat(timespec="seconds"),
        "fetched_at": _iso(alert.fetched_at),
        "article": one_line(alert.article_id),
        "story": one_line(alert.story),
        "articles": noted.articles,
        "origins": alert.origins,
        "news": one_line(alert.news),
        "corrects": alert.corrects or None,
        "changes": links.version(alert.article_id, alert.content_hash) if alert.corrects else None,
        "before": [one_line(claim_line(each)) for each in alert.before[:CLAIMS]],
        "claims": [one_line(claim_line(each)) for each in alert.claims[:CLAIMS]],
        "claims_in_all": len(alert.claims),
        "why": [_reason(each) for each in alert.reasons[:REASONS]],
        "reasons_in_all": len(alert.reasons),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "clause": one_line(reason.clause),
        "says": one_line(reason.says),
        "field": reason.field,
        "quote": one_line(reason.quote),
        "entity": one_line(reason.entity) or None,
        "mood": reason.mood,
        "claim": one_line(claim_line(reason.claim)) if reason.claim else None,
    }


def _short(shape: dict[str, Any]) -> dict[str, Any]:
    """An alert without what may be long; its page has it all."""
    return shape | {"news": cut(shape["news"], 300), "before": [], "claims": [], "why": []}


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
