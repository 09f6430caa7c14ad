"""Why somebody was told: an alert as its page shows it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from processors.records import Alert, Article, Claim, Entity, Mood, Polarity, Reason, Span
from services.alerts.words import headline
from services.index import source_name
from services.store.alerting import Noted
from services.web.moments import Moment, if_known, moment
from services.web.segments import highlighted
from services.web.views import ClaimView, MoodView, Pieces, claim_view, mood_view, safe_link


class ReasonView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the article for which a clause is true."""

    clause: str
    says: str
    where: str
    quote: Pieces
    entity: str
    """The address of its page is made of it; empty where nobody in particular is meant."""
    name: str
    mood: MoodView | None
    claim: ClaimView | None


class Fact(msgspec.Struct, frozen=True):
    """A line of the receipt."""

    name: str
    value: str


class WhyView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    topic: str
    topic_name: str
    title: str
    correction: bool
    source: str
    article: str
    content: str
    """The name of the text that was told of, among the article's versions."""
    link: str | None
    url: str
    at: Moment
    published: Moment | None
    query: str
    copies: int
    muted: bool
    news: str
    reasons: tuple[ReasonView, ...]
    claims: tuple[ClaimView, ...]
    before: tuple[ClaimView, ...]
    story: str
    origins: int
    checked: str
    """``true``, ``false``, or empty where the text of then is no longer there."""
    edited: bool
    """Whether the article has been changed since."""
    facts: tuple[Fact, ...]


def why_view(noted: Noted, article: Article | None, now: datetime, *, checked: str = "") -> WhyView:
    """``article`` is the text that was told of, where it is still there."""
    alert = noted.alert
    return WhyView(
        id=alert.id,
        topic=alert.topic,
        topic_name=alert.topic_name,
        title=headline(alert),
        correction=alert.kind == "correction",
        source=source_name(alert),
        article=alert.article_id,
        content=alert.content_hash,
        link=safe_link(alert.url),
        url=alert.url,
        at=moment(alert.at, now),
        published=if_known(alert.published, now),
        query=alert.query,
        copies=max(0, noted.articles - 1),
        muted=noted.muted,
        news=alert.news,
        reasons=tuple(_reason(each, article) for each in alert.reasons),
        claims=_claims(alert.claims),
        before=_claims(alert.before),
        story=alert.story,
        origins=alert.origins,
        checked=checked,
        edited=article is None,
        facts=tuple(_facts(alert)),
    )


def _claims(claims: Sequence[Claim]) -> tuple[ClaimView, ...]:
    return tuple(claim_view(each, f"c{at}") for at, each in enumerate(claims))


def _reason(reason: Reason, article: Article | None) -> ReasonView:
    names = {each.id: each for each in article.entities} if article else {}
    named: Entity | None = names.get(reason.entity)
    name = named.name if named else reason.entity
    return ReasonView(
        clause=reason.clause,
        says=reason.says,
        where={"title": "in the headline", "body": "in the text"}.get(reason.field, ""),
        quote=highlighted(reason.quote, marks_in(reason)),
        entity=reason.entity,
        name=name,
        mood=_mood(reason, name),
        claim=claim_view(reason.claim) if reason.claim else None,
    )


def marks_in(reason: Reason) -> tuple[Span, ...]:
    """Where in the quote the words themselves stand; spans count characters of the text."""
    if reason.span is None:
        return ()
    first = reason.sentence.start if reason.sentence else 0
    start, end = reason.span.start - first, reason.span.end - first
    start, end = max(0, start), min(len(reason.quote), end)
    return (Span(start=start, end=end),) if start < end else ()


def _mood(reason: Reason, name: str) -> MoodView | None:
    if reason.mood is None:
        return None
    side: Polarity = "positive" if reason.mood > 0 else "negative" if reason.mood < 0 else "neutral"
    return mood_view(Mood(entity=reason.entity, polarity=side, score=reason.mood), name)


def _facts(alert: Alert) -> list[Fact]:
    made = ", ".join(f"{name} {version}" for name, version in sorted(alert.made_by.items()))
    found = [
        Fact("Alert", alert.id),
        Fact("Topic", f"{alert.topic}, version {alert.topic_version}"),
        Fact("Event", alert.event_id),
        Fact("Article", alert.article_id),
        Fact("Text", alert.content_hash),
        Fact("Fetched", f"{alert.fetched_at:%Y-%m-%d %H:%M:%S UTC}"),
        Fact("Read by", made),
    ]
    return [fact for fact in found if fact.value]
