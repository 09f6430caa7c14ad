"""The JSON of answers: every field of a shape is always there, under the name that records use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from processors.figures import figure
from processors.records import Article, Claim, EntityType, Span
from services.index import (
    ClaimHit,
    ClaimResults,
    DayCount,
    FacetCount,
    Hit,
    Results,
)
from services.index.documents import event_of, story_of


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is sent; ``plain`` makes it JSON."""


class ToldClaim(Claim, frozen=True, kw_only=True):
    """A claim with its figure as pages show it."""

    figure: str
    """Such as ``≥ $65B``; empty where nothing is counted."""


class ClaimRow(ToldClaim, frozen=True, kw_only=True):
    """A claim with where it stands: the text of its sentence, and its article."""

    sentence: str  # type: ignore[assignment]  # the text in place of where it is
    article_id: str
    url: str
    title: str
    source: str
    site_name: str
    published: datetime | None
    story: str
    """The story of its article; claims of one story have one origin."""
    fetched_at: datetime | None


class ArticleRow(Shape, frozen=True, kw_only=True):
    """One article found, with its claims and the part of its text that shows why."""

    id: str
    url: str
    title: str
    source: str
    site_name: str
    authors: tuple[str, ...]
    published: datetime | None
    fetched_at: datetime
    language: str
    section: str
    story: str
    """The story that it tells; of an article without copies its own id."""
    original: bool
    event: str
    """The event that the story is about; of a story that no other shares it with, the story's."""
    copies: int
    """Other articles of its story, where copies are folded; else 0."""
    edits: int
    """Other texts that it had before."""
    snippet: str
    snippet_marks: tuple[Span, ...]
    """Where the words of the query stand in the snippet."""
    score: float
    claims: tuple[ToldClaim, ...]


class ToldArticle(Article, frozen=True, kw_only=True):
    """An article with all that was read from it. Spans count characters of ``body``."""

    claims: tuple[ToldClaim, ...] = ()


class Articles(Shape, frozen=True, kw_only=True):
    """A page of articles."""

    total: int
    """All that match, copies too."""
    hits: tuple[ArticleRow, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    """Empty unless asked for."""
    days: tuple[DayCount, ...]
    next: str
    """The cursor of the next page; empty after the last."""


class Claims(Shape, frozen=True, kw_only=True):
    """A page of claims."""

    total: int
    claims: tuple[ClaimRow, ...]
    next: str


class Story(Shape, frozen=True, kw_only=True):
    """All copies of one story, the first published first."""

    id: str
    total: int
    hits: tuple[ArticleRow, ...]
    sources: tuple[FacetCount, ...]
    next: str
    event: str
    origins: int
    """Stories about the same event, this one included; copies count once."""


class EntityPage(Shape, frozen=True, kw_only=True):
    """Someone or something that articles name."""

    id: str
    name: str
    type: EntityType
    articles: int
    claims: int
    """Claims of which it is the subject."""
    newest: datetime | None
    """When the newest of its articles was published; fetched, where that is not known."""
    mentioned_with: tuple[FacetCount, ...]
    """Whom the same articles name most, with how many do."""
    days: tuple[DayCount, ...]


class Explanation(Shape, frozen=True, kw_only=True):
    """A query as it was understood."""

    q: str
    meaning: str
    suggestions: dict[str, str]
    """For words that no article has, what may have been meant."""


def plain(value: Any) -> Any:
    """A record or a shape as plain data with every field, those at their defaults too."""
    if isinstance(value, msgspec.Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def told_claim(claim: Claim) -> ToldClaim:
    return ToldClaim(**msgspec.structs.asdict(claim), figure=figure(claim))


def told_article(article: Article) -> ToldArticle:
    fields = msgspec.structs.asdict(article)
    return ToldArticle(**fields | {"claims": tuple(map(told_claim, article.claims))})


def article_row(hit: Hit, edits: int) -> ArticleRow:
    """``edits``: as ``Index.edits`` counts them."""
    article = hit.article
    return ArticleRow(
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        site_name=article.site_name,
        authors=article.authors,
        published=article.published,
        fetched_at=article.fetched_at,
        language=article.language,
        section=article.section,
        story=story_of(article),
        original=article.original,
        event=event_of(article),
        copies=hit.copies,
        edits=edits,
        snippet=hit.snippet.text,
        snippet_marks=hit.snippet.marks,
        score=hit.score,
        claims=tuple(map(told_claim, article.claims)),
    )


def claim_row(hit: ClaimHit) -> ClaimRow:
    inherited = msgspec.structs.asdict(hit)
    own = msgspec.structs.asdict(inherited.pop("claim"))
    text = {"sentence": hit.sentence.text, "figure": figure(hit.claim)}
    return ClaimRow(**own | inherited | text)


def articles(found: Results, edits: Sequence[int]) -> Articles:
    """``edits``: of each hit, as ``Index.edits`` counts them."""
    return Articles(
        total=found.total,
        hits=tuple(map(article_row, found.hits, edits)),
        facets=found.facets,
        days=found.days,
        next=found.next,
    )


def claims(found: ClaimResults) -> Claims:
    return Claims(total=found.total, claims=tuple(map(claim_row, found.claims)), next=found.next)
