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
    praise = "“We do more with less,” said Mirja Kask, who leads Quillon."
    return make_article(
        "https://ledger.example/quillon",
        "A small lab trains a large model for a small sum",
        body,
        authors=("Ada Pryce", "Tom Vell"),
        published=datetime(2025, 1, 28, 9, 15, tzinfo=timezone(timedelta(hours=1))),
        entities=_model_entities(body),
        claims=_model_claims(body),
        moods=(
            _mood("quillon-ai", "positive", 0.42, span(body, praise)),
            _mood("nvidia", "negative", -0.71, sentence_of(body, span(body, "rout"))),
        ),
    )


def entity(body: str, entity_id: str, name: str, kind: Any) -> Entity:
    """An entity mentioned once, by its name."""
    return Entity(id=entity_id, name=name, type=kind, mentions=(span(body, name),))


def _mood(entity_id: str, polarity: Any, score: float, evidence: Span) -> Mood:
    return Mood(entity=entity_id, polarity=polarity, score=score, evidence=(evidence,))


def _model_entities(body: str) -> tuple[Entity, ...]:
    lab = Entity(
        id="quillon-ai",
        name="Quillon AI",
        type="lab",
        mentions=(span(body, "Quillon AI"), span(body, "Quillon", 1)),
        references=(span(body, "The company"),),
    )
    return (
        lab,
        entity(body, "q2", "Q2", "model"),
        entity(body, "meta", "Meta", "company"),
        entity(body, "openai", "OpenAI", "lab"),
        entity(body, "mirja-kask", "Mirja Kask", "person"),
        entity(body, "nvidia", "Nvidia", "company"),
    )


def _model_claims(body: str) -> tuple[Claim, ...]:
    return (
        claim(
            body, "trained its Q2 model for only $5.6 million", "training_cost",
            subject="Quillon AI", subject_id="quillon-ai", object="Q2", modality="reported",
            speaker="Quillon AI", **dollars(5.6e6, 5.6e6),
        ),
        claim(
            body, "founded in 2021", "date", subject="Quillon AI", object="founded", date="2021"
        ),
        claim(
            body, "at least $65 billion this year", "investment", subject="Meta",
            bound="at_least", modality="planned", period="this_year", **dollars(65e9, None),
        ),
        claim(
            body, "a valuation of $300 billion", "valuation", subject="OpenAI",
            modality="rumoured", **dollars(3e11, 3e11),
        ),
    )  # fmt: skip


def dollars(low: float | None, high: float | None) -> dict[str, Any]:
    """The fields of a figure in US dollars."""
    return {
        "currency": "USD", "amount_low": low, "amount_high": high, "usd_low": low, "usd_high": high,
    }  # fmt: skip


def chip_story() -> Article:
    """A source without a site name, an export control, a ceiling, a figure in euros."""
    body = CHIP_BODY
    euros = {**dollars(2.1e8, 2.1e8), "currency": "EUR", "amount_low": 2e8, "amount_high": 2e8}
    return make_article(
        "https://wire.example/chips",
        "Washington tightens the rules for AI chips",
        body,
        source="wire",
        site_name="",
        published=datetime(2025, 2, 20, 16, 0, tzinfo=UTC),
        entities=(
            entity(body, "nvidia", "Nvidia", "company"),
            entity(body, "h100", "H100", "chip"),
            entity(body, "meta", "Meta", "company"),
        ),
        claims=(
            claim(
                body, "restrict exports of H100 chips", "export_control",
                subject="United States", object="H100", modality="planned", date="2025-05",
            ),
            claim(
                body, "a charge of up to $5.5 billion", "loss", subject="Nvidia", speaker="Nvidia",
                bound="at_most", modality="planned", **dollars(None, 5.5e9),
            ),
            claim(body, "€200 million", "fine", subject="Meta", **euros),
        ),
        moods=(_mood("nvidia", "negative", -0.3, sentence_of(body, span(body, "charge"))),),
    )  # fmt: skip


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
