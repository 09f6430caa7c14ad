"""Articles, entities and claims for tests, with only what a test is about spelled out."""

from datetime import UTC, datetime, timedelta
from typing import Any

from processors.ids import article_id, content_hash
from processors.records import Article, Claim, ClaimKind, Entity, EntityType, Span

NEW_YEAR = datetime(2025, 1, 1, 12, tzinfo=UTC)


def article(
    slug: str = "story",
    body: str = "Nothing happened today.",
    *,
    title: str = "A headline",
    source: str = "ledger",
    hours: float = 0,
    published_hours: float | None = None,
    **fields: Any,
) -> Article:
    """An article of ``ledger.example``, fetched ``hours`` after New Year, undated if not told."""
    url = fields.pop("url", f"https://{source}.example/{slug}")
    published = None if published_hours is None else at(published_hours)
    return Article(
        id=article_id(url),
        url=url,
        source=source,
        title=title,
        body=body,
        fetched_at=at(hours),
        published=fields.pop("published", published),
        content_hash=content_hash(title, body),
        **fields,
    )


def at(hours: float) -> datetime:
    """So many hours after noon (UTC) of New Year 2025."""
    return NEW_YEAR + timedelta(hours=hours)


def entity(name: str, kind: EntityType = "company", *, id: str = "") -> Entity:
    """An entity whose id is its name in lower case with hyphens."""
    return Entity(id=id or name.lower().replace(" ", "-"), name=name, type=kind, mentions=())


def claim(
    kind: ClaimKind = "investment",
    low: float | None = None,
    high: float | None = None,
    *,
    subject: str | None = "Examplar",
    **fields: Any,
) -> Claim:
    """A claim of US dollars as stated, of a number with ``unit``; one figure means both ends."""
    high = low if high is None and fields.get("bound", "exact") == "exact" else high
    counted = fields.get("unit") in ("chips", "people")
    return Claim(
        kind=kind,
        subject=subject,
        amount_low=low,
        amount_high=high,
        usd_low=None if counted else low,
        usd_high=None if counted else high,
        currency=None if counted or (low is None and high is None) else "USD",
        **fields,
    )


def claim_in(body: str, evidence: str, sentence: str = "", **fields: Any) -> Claim:
    """A claim whose places are found in the body: of its words, and of the sentence they are in."""
    start = body.index(evidence)
    whole = body.index(sentence) if sentence else 0
    end = whole + len(sentence) if sentence else len(body)
    return claim(
        evidence=evidence,
        start=start,
        end=start + len(evidence),
        sentence=Span(start=whole, end=end),
        **fields,
    )
