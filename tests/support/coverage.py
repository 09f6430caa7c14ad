"""A few articles as the read stage would leave them, for pages and searches; all text is ours."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from processors.ids import article_id, content_hash
from processors.records import Article, Claim, Entity, Mood, Span

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)
MADE_BY = {"extract": "3", "claims.rules": "7", "mood.lexicon": "2", "en_core_web_md": "3.8.0"}

MODEL_BODY = """\
Small lab, small bill: Quillon AI, a start-up from Tallinn, says that it trained its Q2 model \
for only $5.6 million. The company was founded in 2021.

That is far less than its rivals pay. Meta plans to spend at least $65 billion this year, and \
OpenAI is reported to be in talks to raise money at a valuation of $300 billion. “We do more \
with less,” said Mirja Kask, who leads Quillon.

Investors took fright. Shares of Nvidia fell sharply as traders asked whether so many chips \
are needed, and analysts called the day a rout for the chipmaker."""

CHIP_BODY = """\
The United States will restrict exports of H100 chips to 40 more countries from May.

Nvidia warned of a charge of up to $5.5 billion. The European Commission fined Meta \
€200 million in a separate case."""


def span(body: str, words: str, nth: int = 0) -> Span:
    """Where the words stand in the body, the ``nth`` time."""
    start = -1
    for _ in range(nth + 1):
        start = body.index(words, start + 1)
    return Span(start=start, end=start + len(words))


def sentence_of(body: str, at: Span) -> Span:
    """The stretch around a span from full stop to full stop."""
    stop = body.rfind(". ", 0, at.start)
    start = max(stop + 2 if stop >= 0 else 0, body.rfind("\n", 0, at.start) + 1)
    ends = [end for end in (body.find(". ", at.end), body.find("\n", at.end)) if end >= 0]
    return Span(start=start, end=min(ends, default=len(body) - 1) + 1)


def claim(body: str, words: str, kind: Any, **fields: Any) -> Claim:
    at = span(body, words)
    return Claim(
        kind=kind,
        evidence=words,
        start=at.start,
        end=at.end,
        sentence=sentence_of(body, at),
        confidence=0.9,
        rule=f"{kind}.v1",
        **fields,
    )


def make_article(url: str, title: str, body: str, **fields: Any) -> Article:
    """An article with what a test does not care about filled in."""
    given: dict[str, Any] = {
        "source": "ledger",
        "site_name": "The Ledger",
        "fetched_at": NOW - timedelta(seconds=14),
        "published": NOW - timedelta(hours=3),
        "language": "en",
        "made_by": MADE_BY,
    }
    return Article(
        id=article_id(url),
        url=url,
        title=title,
        body=body,
        content_hash=content_hash(title, body),
        **{**given, **fields},
    )


def model_story() -> Article:
    """Claims of several bounds and modalities; a mood each way; an entity inside evidence."""
    body = MODEL_BODY
    usd: dict[str, Any] = {"currency": "USD"}
    return make_article(
        "https://ledger.example/quillon",
        "A small lab trains a large model for a small sum",
        body,
        authors=("Ada Pryce", "Tom Vell"),
        published=datetime(2025, 1, 28, 9, 15, tzinfo=timezone(timedelta(hours=1))),
        entities=(
            Entity(
                id="quillon-ai",
                name="Quillon AI",
                type="lab",
                mentions=(span(body, "Quillon AI"), span(body, "Quillon", 1)),
                references=(span(body, "The company"),),
            ),
            Entity(id="q2", name="Q2", type="model", mentions=(span(body, "Q2"),)),
            Entity(id="meta", name="Meta", type="company", mentions=(span(body, "Meta"),)),
            Entity(id="openai", name="OpenAI", type="lab", mentions=(span(body, "OpenAI"),)),
            Entity(
                id="mirja-kask",
                name="Mirja Kask",
                type="person",
                mentions=(span(body, "Mirja Kask"),),
            ),
            Entity(id="nvidia", name="Nvidia", type="company", mentions=(span(body, "Nvidia"),)),
        ),
        claims=(
            claim(
                body,
                "trained its Q2 model for only $5.6 million",
                "training_cost",
                subject="Quillon AI",
                subject_id="quillon-ai",
                amount_low=5.6e6,
                amount_high=5.6e6,
                object="Q2",
                modality="reported",
                speaker="Quillon AI",
                usd_low=5.6e6,
                usd_high=5.6e6,
                **usd,
            ),
            claim(
                body, "founded in 2021", "date", subject="Quillon AI", object="founded", date="2021"
            ),
            claim(
                body,
                "at least $65 billion this year",
                "investment",
                subject="Meta",
                amount_low=65e9,
                bound="at_least",
                modality="planned",
                period="this_year",
                usd_low=65e9,
                **usd,
            ),
            claim(
                body,
                "a valuation of $300 billion",
                "valuation",
                subject="OpenAI",
                amount_low=3e11,
                amount_high=3e11,
                modality="rumoured",
                usd_low=3e11,
                usd_high=3e11,
                **usd,
            ),
        ),
        moods=(
            Mood(
                entity="quillon-ai",
                polarity="positive",
                score=0.42,
                evidence=(
                    span(body, "“We do more with less,” said Mirja Kask, who leads Quillon."),
                ),
            ),
            Mood(
                entity="nvidia",
                polarity="negative",
                score=-0.71,
                evidence=(sentence_of(body, span(body, "rout")),),
            ),
        ),
    )


def chip_story() -> Article:
    """A source without a publish time, an export control, a figure in euros."""
    body = CHIP_BODY
    return make_article(
        "https://wire.example/chips",
        "Washington tightens the rules for AI chips",
        body,
        source="wire",
        site_name="",
        published=datetime(2025, 2, 20, 16, 0, tzinfo=UTC),
        entities=(
            Entity(id="nvidia", name="Nvidia", type="company", mentions=(span(body, "Nvidia"),)),
            Entity(id="h100", name="H100", type="chip", mentions=(span(body, "H100"),)),
            Entity(id="meta", name="Meta", type="company", mentions=(span(body, "Meta"),)),
        ),
        claims=(
            claim(
                body,
                "restrict exports of H100 chips",
                "export_control",
                subject="United States",
                object="H100",
                modality="planned",
                date="2025-05",
            ),
            claim(
                body,
                "a charge of up to $5.5 billion",
                "loss",
                subject="Nvidia",
                amount_high=5.5e9,
                bound="at_most",
                currency="USD",
                modality="planned",
                speaker="Nvidia",
                usd_high=5.5e9,
            ),
            claim(
                body,
                "€200 million",
                "fine",
                subject="Meta",
                amount_low=2e8,
                amount_high=2e8,
                currency="EUR",
                usd_low=2.1e8,
                usd_high=2.1e8,
            ),
        ),
        moods=(
            Mood(
                entity="nvidia",
                polarity="negative",
                score=-0.3,
                evidence=(sentence_of(body, span(body, "charge")),),
            ),
        ),
    )


def corrected_story() -> tuple[Article, Article]:
    """The first version of an article and its correction."""
    old = make_article(
        "https://ledger.example/order",
        "Brightmoor orders 20,000 chips",
        "Brightmoor ordered 20,000 chips. The order is worth $600 million. It ends in June.",
        fetched_at=NOW - timedelta(days=2),
        published=None,
    )
    new = make_article(
        "https://ledger.example/order",
        "Brightmoor orders 2,000 chips",
        "Brightmoor ordered 2,000 chips. The order is worth $60 million. It ends in June.",
        fetched_at=NOW - timedelta(days=1),
        published=None,
    )
    return old, new


def all_stories() -> list[Article]:
    return [model_story(), chip_story(), *corrected_story()]
