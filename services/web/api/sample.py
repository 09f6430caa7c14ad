"""The examples of the documents: answers about one article that was never published."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from processors.ids import article_id, content_hash
from processors.records import Article, Claim, Entity, Mood, Span
from services.answers import shapes
from services.answers.disagreements import Disagreements, disagreements
from services.answers.history import history
from services.answers.revision_shapes import Revisions, told_revisions
from services.answers.source_shapes import SourceRow, Sources
from services.index import (
    ClaimHit,
    ClaimResults,
    DayCount,
    Dispute,
    Disputes,
    FacetCount,
    Hit,
    Marked,
    Results,
    Stats,
)
from services.operations.report import Operations
from services.web.api.sample_alerts import alert_samples
from services.web.api.sample_operations import OPERATIONS_SAMPLE

_URL = "https://ledger.example/deep-harbour"
_TITLE = "Deep Harbour trains its model for $5.6 million"
_BODY = "Deep Harbour says that it trained Tide-2 for $5.6 million. Rivals pay more."
_WHEN = datetime(2025, 1, 28, 9, 15, tzinfo=UTC)


def _place(words: str) -> Span:
    start = _BODY.index(words)
    return Span(start=start, end=start + len(words))


_SENTENCE = _place("Deep Harbour says that it trained Tide-2 for $5.6 million.")
_FIGURE = _place("$5.6 million")
_CLAIM = Claim(
    kind="training_cost",
    subject="Deep Harbour",
    subject_id="deep-harbour",
    amount_low=5.6e6,
    amount_high=5.6e6,
    currency="USD",
    modality="reported",
    object="Tide-2",
    evidence="$5.6 million",
    start=_FIGURE.start,
    end=_FIGURE.end,
    sentence=_SENTENCE,
    speaker="Deep Harbour",
    confidence=0.94,
    rule="training_cost.v1",
    usd_low=5.6e6,
    usd_high=5.6e6,
)
_ARTICLE = Article(
    id=article_id(_URL),
    url=_URL,
    source="ledger",
    title=_TITLE,
    body=_BODY,
    fetched_at=datetime(2025, 1, 28, 9, 17, 2, tzinfo=UTC),
    content_hash=content_hash(_TITLE, _BODY),
    site_name="The Ledger",
    authors=("Ada Writer",),
    published=_WHEN,
    language="en",
    section="Technology",
    entities=(
        Entity(
            id="deep-harbour",
            name="Deep Harbour",
            type="lab",
            mentions=(_place("Deep Harbour"),),
            references=(_place("it"),),
        ),
    ),
    claims=(_CLAIM,),
    moods=(Mood(entity="deep-harbour", polarity="positive", score=0.4, evidence=(_SENTENCE,)),),
    made_by={"claims": "1"},
)
ARTICLE_ID = _ARTICLE.id
_HIT = Hit(
    article=_ARTICLE,
    score=4.0,
    title=Marked(_TITLE),
    snippet=Marked(_BODY, (_FIGURE,)),
)
_CLAIM_HIT = ClaimHit(
    claim=_CLAIM,
    article_id=_ARTICLE.id,
    url=_URL,
    title=_TITLE,
    source="ledger",
    site_name="The Ledger",
    published=_WHEN,
    sentence=Marked(_BODY[_SENTENCE.start : _SENTENCE.end]),
    fetched_at=_ARTICLE.fetched_at,
)
_HIGHER = msgspec.structs.replace(
    _CLAIM_HIT,
    claim=msgspec.structs.replace(
        _CLAIM, amount_low=2e7, amount_high=2e7, usd_low=2e7, usd_high=2e7, evidence="$20 million"
    ),
    article_id=article_id("https://wire.example/tide-2"),
    url="https://wire.example/tide-2",
    title="What Tide-2 cost",
    source="wire",
    site_name="Harbour Wire",
    sentence=Marked("Tide-2 cost Deep Harbour $20 million, says Harbour Wire."),
)
_SOURCES = (FacetCount("ledger", "The Ledger", 1),)
_DAYS = (DayCount(date(2025, 1, 28), 1),)
_FOUND = Results(total=1, hits=(_HIT,), facets={"source": _SOURCES}, days=_DAYS)
_ROW = shapes.article_row(_HIT, 1)
_OLD_BODY = _BODY.replace("$5.6 million", "$6.5 million")
_OLDER = msgspec.structs.replace(
    _ARTICLE,
    body=_OLD_BODY,
    content_hash=content_hash(_TITLE, _OLD_BODY),
    fetched_at=_ARTICLE.fetched_at - timedelta(hours=1),
    claims=(msgspec.structs.replace(_CLAIM, amount_low=6.5e6, amount_high=6.5e6),),
)

SAMPLES: dict[type[msgspec.Struct], msgspec.Struct] = {
    shapes.Articles: shapes.articles(_FOUND, [1]),
    shapes.ToldArticle: shapes.told_article(_ARTICLE),
    Revisions: told_revisions(history(_ARTICLE, [_OLDER], 1), 1, text=True),
    shapes.Claims: shapes.claims(ClaimResults(total=1, claims=(_CLAIM_HIT,))),
    Disagreements: disagreements(
        Disputes(total=1, disputes=(Dispute(total=2, claims=(_CLAIM_HIT, _HIGHER)),))
    ),
    shapes.Story: shapes.Story(
        id=_ARTICLE.id,
        total=1,
        hits=(_ROW,),
        sources=_SOURCES,
        next="",
        event=_ARTICLE.id,
        origins=1,
    ),
    shapes.EntityPage: shapes.EntityPage(
        id="deep-harbour",
        name="Deep Harbour",
        type="lab",
        articles=1,
        claims=1,
        newest=_WHEN,
        mentioned_with=(),
        days=_DAYS,
    ),
    shapes.Explanation: shapes.Explanation(
        q="claim:training_cost usd:<10M",
        meaning="a claim of training cost under $10M",
        suggestions={},
    ),
    Stats: Stats(articles=1, claims=1, revisions=0, newest=_ARTICLE.fetched_at),
    **alert_samples(_ARTICLE, _CLAIM),
    Operations: OPERATIONS_SAMPLE,
    Sources: Sources(
        total=1,
        sources=(
            SourceRow(
                id="wire",
                url="https://wire.example/technology.atom",
                name="Meridian Wire",
                kind="wire",
                language="en",
                home="https://wire.example/",
                every=None,
                priority=2,
                added_at=_WHEN,
                paused=False,
                state="silent",
                since=_WHEN,
                reason="nothing new for three times its usual interval",
                usual=21_600.0,
                next_look=_WHEN,
                looked_at=_WHEN,
                news_at=_WHEN,
                note="14 entries",
                trouble=(),
            ),
        ),
    ),
}
"""For each answer one, as its shape."""
