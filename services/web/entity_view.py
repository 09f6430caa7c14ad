"""What the page of an entity shows: how much is said about it, how, with whom, and what."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from processors.query.tree import ClaimIs, EntityIs, MoodIs, PartyIs
from processors.records import Article, Entity, Mood
from services.index import FacetCount, Index, source_name
from services.web.charts.claims import ClaimsChart, claims_chart
from services.web.charts.histogram import HistogramView, histogram
from services.web.charts.mood import Felt, MoodChart, mood_chart
from services.web.clauses import filter_clause
from services.web.filters import counted
from services.web.moments import Moment, if_known, moment
from services.web.state import SearchState
from services.web.views import MoodView, mood_view, shown_title

NEWEST = 10
FELT = 200
"""The newest articles that show a mood, of which the chart is made."""
STRONGEST = 3
CLAIMS = 40
TOGETHER = 15


class Beside(msgspec.Struct, frozen=True):
    """Another entity, named in so many of the same articles."""

    name: str
    count: str
    """As ``filters.counted`` writes it."""
    page: str
    both: str
    """The search for articles that name both."""


class Line(msgspec.Struct, frozen=True):
    """One article in one line."""

    id: str
    title: str
    source: str
    published: Moment | None
    fetched: Moment


class Shown(msgspec.Struct, frozen=True):
    """A sentence that shows the mood of one article."""

    mood: MoodView
    sentence: str
    article: str
    title: str
    source: str
    day: str


class EntityPage(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    type: str
    clause: str
    """The filter for its coverage."""
    articles: int
    days: HistogramView
    mood: MoodChart
    felt: int
    """Articles that show a mood towards it; the chart has the newest ``FELT``."""
    shown: tuple[Shown, ...]
    beside: tuple[Beside, ...]
    claims: ClaimsChart
    claims_total: int
    claims_address: str
    disputes_address: str
    newest: tuple[Line, ...]
    search: str
    feed: str


def entity_page(index: Index, entity: str, now: datetime) -> EntityPage | None:
    """All about an entity, by its id; None when no article names it. Raises TryLater."""
    found = index.search(EntityIs(entity), limit=NEWEST, sort="newest", facets=True)
    known = _known(entity, [hit.article for hit in found.hits])
    if known is None:
        return None
    clause = filter_clause("entity", entity)
    state = SearchState(q=clause)
    moods = index.search(MoodIs(entity, ">=", -1.0), limit=FELT, sort="newest")
    felt = [it for hit in moods.hits if (it := _felt(hit.article, entity))]
    claims = index.claims(ClaimIs(conditions=(PartyIs("subject", entity),)), limit=CLAIMS)
    about = SearchState(q=filter_clause("subject", entity))
    return EntityPage(
        id=entity,
        name=known.name,
        type=known.type,
        clause=clause,
        articles=found.total,
        days=histogram(
            found.days, lambda after, before: state.but(after=after, before=before).address()
        ),
        mood=mood_chart(felt, known.name),
        felt=moods.total,
        shown=_strongest(felt, known),
        beside=_beside(found.facets.get("entity", ()), entity, clause),
        claims=claims_chart(
            claims.claims,
            lambda hit: f"/article/{quote(hit.article_id)}#claims",
            now,
            group="kind",
            total=claims.total,
        ),
        claims_total=claims.total,
        claims_address=about.address("/claims"),
        disputes_address=about.address("/disagreements"),
        newest=tuple(_line(hit.article, now) for hit in found.hits),
        search=state.address(),
        feed=state.address("/feed.atom"),
    )


def entity_address(entity: str) -> str:
    """Where the page of an entity is."""
    return f"/entity/{quote(entity, safe='')}"


def _known(entity: str, articles: Sequence[Article]) -> Entity | None:
    """The entity as the newest article names it: the one of this id."""
    named = (one for article in articles for one in article.entities)
    return next((one for one in named if one.id == entity), None)


def _felt(article: Article, entity: str) -> Felt | None:
    mood = next((it for it in article.moods if it.entity == entity), None)
    if mood is None:
        return None
    shown = mood.evidence[0] if mood.evidence else None
    return Felt(
        at=article.published or article.fetched_at,
        score=mood.score,
        polarity=mood.polarity,
        title=shown_title(article),
        source=source_name(article),
        address=f"/article/{quote(article.id)}",
        sentence=" ".join(article.body[shown.start : shown.end].split()) if shown else "",
    )


def _strongest(felt: Sequence[Felt], entity: Entity) -> tuple[Shown, ...]:
    """The sentences of the strongest moods of each kind, most negative first."""
    told = sorted((it for it in felt if it.sentence), key=lambda it: it.score)
    low = [it for it in told if it.polarity == "negative"][:STRONGEST]
    high = [it for it in told if it.polarity == "positive"][-STRONGEST:]
    return tuple(_shown(it, entity) for it in (*low, *high))


def _shown(felt: Felt, entity: Entity) -> Shown:
    mood = Mood(entity=entity.id, polarity=felt.polarity, score=felt.score)
    return Shown(
        mood=mood_view(mood, entity.name),
        sentence=felt.sentence,
        article=felt.address,
        title=felt.title,
        source=felt.source,
        day=f"{felt.at.day} {felt.at:%b %Y}",
    )


def _beside(facet: Sequence[FacetCount], entity: str, clause: str) -> tuple[Beside, ...]:
    others = [it for it in facet if it.value != entity][:TOGETHER]
    return tuple(
        Beside(
            name=it.label,
            count=counted(it),
            page=entity_address(it.value),
            both=SearchState(q=f"{clause} {filter_clause('entity', it.value)}").address(),
        )
        for it in others
    )


def _line(article: Article, now: datetime) -> Line:
    return Line(
        id=article.id,
        title=shown_title(article),
        source=source_name(article),
        published=if_known(article.published, now),
        fetched=moment(article.fetched_at, now),
    )
