"""The examples of topics and alerts: about the article of ``sample``."""

from datetime import UTC, datetime

import msgspec

from processors.figures import claim_line
from processors.records import Alert, Article, Claim, Reason, Span
from services.answers.alert_shapes import Alerts, Topics, alert_row, topic_row
from services.store.alerting import AlertTopic, Noted

_MADE = datetime(2025, 1, 20, 8, 0, tzinfo=UTC)
_TOPIC = AlertTopic(
    id="5f0c1d2e3b4a5968",
    owner="ada",
    name="Cheap training",
    query="claim:training_cost usd:<10M",
    when="first",
    created_at=_MADE,
    since=_MADE,
)


def alert_samples(article: Article, claim: Claim) -> dict[type[msgspec.Struct], msgspec.Struct]:
    """An answer of each shape; the claim is one of the article."""
    reason = Reason(
        clause=_TOPIC.query,
        says="a claim of training cost under $10M",
        field="claim",
        span=Span(start=claim.start, end=claim.end),
        sentence=claim.sentence,
        quote=article.body[claim.sentence.start : claim.sentence.end],
        entity=claim.subject_id or "",
        claim=claim,
    )
    alert = Alert(
        id="0d9e8c7b6a5f4e3d2c1b0a9f8e7d6c5b",
        kind="match",
        topic=_TOPIC.id,
        topic_name=_TOPIC.name,
        topic_version=_TOPIC.version,
        owner=_TOPIC.owner,
        query=_TOPIC.query,
        when=_TOPIC.when,
        at=article.fetched_at,
        event_id="0123456789abcdef",
        article_id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        site_name=article.site_name,
        published=article.published,
        fetched_at=article.fetched_at,
        content_hash=article.content_hash,
        story=article.id,
        reasons=(reason,),
        claims=(claim,),
        news=f"the first claim of its kind: {claim_line(claim)}",
        made_by=article.made_by,
    )
    return {
        Topics: Topics(total=1, topics=(topic_row(_TOPIC),), next=""),
        Alerts: Alerts(alerts=(alert_row(Noted(seq=17, alert=alert)),), next=""),
    }
