"""A small newsroom that disagrees over what training a model cost; one story of it was copied."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from msgspec.structs import replace

from processors.records import Article, Entity, Mood, Span
from services.index.tantivy import TantivyIndex
from tests.support.articles import claim_in
from tests.support.coverage import make_article
from tests.support.local_index import LocalIndex

NINE = datetime(2025, 1, 27, 9, tzinfo=UTC)
WIRE = "Quillon says it trained Q2 for $5.6 million. Traders feared for Nvidia."
ROUNDED = "Quillon says it trained Q2 for $6 million. Traders feared for Nvidia."
ESTIMATE = "Analysts put the training of Q2 at $1.3 billion. Nvidia did well, they said."
LATER = "Analysts put the training of Q2 at $1.3 billion, the wire now reports."
COST = ("$5.6 million", 5.6e6)
ANALYSTS = ("$1.3 billion", 1.3e9)
NAMES = {"wire": "Meridian Wire", "ledger": "The Ledger", "chipdesk": "Chip Desk"}


def told(
    slug: str, source: str, hours: float, body: str, cost: tuple[str, float], **fields: Any
) -> Article:
    """An article with one claim about the cost of Q2, and a mood towards Nvidia where named."""
    figure, usd = cost
    made = claim_in(
        body,
        figure,
        body.partition(". ")[0],
        kind="training_cost",
        low=usd,
        subject="Quillon AI",
        subject_id="quillon-ai",
        object="Q2",
        object_id="q2",
        modality="reported",
        speaker=fields.pop("speaker", "Quillon AI"),
    )
    return make_article(
        f"https://{source}.example/{slug}",
        fields.pop("title", f"What {slug} cost"),
        body,
        source=source,
        site_name=NAMES[source],
        published=NINE + timedelta(hours=hours),
        claims=(made,),
        entities=_named(body),
        moods=_moods(body),
        **fields,
    )


def _named(body: str) -> tuple[Entity, ...]:
    known: tuple[tuple[str, str, Any], ...] = (
        ("nvidia", "Nvidia", "company"),
        ("q2", "Q2", "model"),
    )
    return tuple(
        Entity(
            id=id,
            name=name,
            type=kind,
            mentions=(Span(start=body.index(name), end=body.index(name) + len(name)),),
        )
        for id, name, kind in known
        if name in body
    )


def _moods(body: str) -> tuple[Mood, ...]:
    if "Nvidia" not in body:
        return ()
    shown = Span(start=body.index(". ") + 2, end=len(body))
    if "feared" in body:
        return (Mood(entity="nvidia", polarity="negative", score=-0.6, evidence=(shown,)),)
    return (Mood(entity="nvidia", polarity="positive", score=0.5, evidence=(shown,)),)


def disputed_articles() -> list[Article]:
    """In order: the wire's story, two copies, another origin, and the wire once more, moved."""
    first = told("q2", "wire", 0, WIRE, COST, story="s1", title="Q2 for a song")
    return [
        first,
        told("copy", "ledger", 1, WIRE, COST, story="s1", original=False),
        told("rounded", "chipdesk", 26, ROUNDED, ("$6 million", 6e6), story="s1", original=False),
        told("estimate", "chipdesk", 48, ESTIMATE, ANALYSTS, speaker="Analysts"),
        told("again", "wire", 72, LATER, ANALYSTS, speaker="Analysts"),
    ]


def disputed_articles_before() -> list[Article]:
    """What was first read of the copy: another figure, which a correction took back."""
    wrong = WIRE.replace("$5.6 million", "$56 million")
    copy = told("copy", "ledger", 1, wrong, ("$56 million", 56e6), story="s1", original=False)
    return [copy]


@cache
def disputed_index() -> TantivyIndex:
    """Shared by the tests that only read it."""
    earlier = [_fetched_before(article) for article in disputed_articles_before()]
    return LocalIndex([*earlier, *disputed_articles()])


def _fetched_before(article: Article) -> Article:
    return replace(article, fetched_at=article.fetched_at - timedelta(hours=2))
