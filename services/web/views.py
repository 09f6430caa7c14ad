"""What the templates show of records: pure functions, plain values, no markup."""

from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from processors.figures import figure, kind_words
from processors.query.tree import And, ClaimIs, Node, Or
from processors.records import Article, Claim, Mood
from services.index import ClaimHit, Hit, Marked, Stats, source_name
from services.web.clauses import filter_clause
from services.web.moments import Moment, if_known, moment
from services.web.segments import highlighted
from services.words import signed

CHIPS = 4
MOODS = 3
BAR = 20
"""Half the width of a mood bar: a score of 1 fills it from the middle to the right."""

Pieces = list[tuple[str, bool]]


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """A claim in the words in which every page says it."""

    anchor: str
    kind: str
    subject: str
    figure: str
    object: str
    modality: str
    speaker: str
    when: str
    evidence: str

    @property
    def parts(self) -> tuple[str, ...]:
        """``training cost``, ``DeepSeek``, ``$5.6M``, ``R1``, ``reported``."""
        said = (self.kind, self.subject, self.figure, self.object, self.modality)
        return tuple(part for part in said if part)


class MoodView(msgspec.Struct, frozen=True):
    """A score as a number and as a bar from the middle of a field ``2 * BAR`` wide."""

    name: str
    polarity: str
    score: str
    x: float
    width: float
    entity: str = ""

    @property
    def clause(self) -> str:
        """The filter for articles with a mood towards the same entity on the same side."""
        side = {"positive": ">0", "negative": "<0"}.get(self.polarity, "=0")
        return filter_clause("mood", self.entity) + side


class HitView(msgspec.Struct, frozen=True, kw_only=True):
    """One article in a list of results."""

    id: str
    title: Pieces
    snippet: Pieces
    source: str
    published: Moment | None
    fetched: Moment
    claims: tuple[ClaimView, ...]
    more_claims: int
    moods: tuple[MoodView, ...]
    updated: Moment | None = None
    edits: int = 0
    copies: int = 0
    story: str = ""


class ClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """One claim in a list of claims, with where it stands."""

    claim: ClaimView
    sentence: Pieces
    article: str
    title: str
    source: str
    published: Moment | None


class Freshness(msgspec.Struct, frozen=True):
    """What the foot of every page says about the index."""

    articles: int
    claims: int
    revisions: int
    newest: Moment | None


def claim_view(claim: Claim, anchor: str = "") -> ClaimView:
    dated = claim.kind == "date"
    return ClaimView(
        anchor=anchor,
        kind=kind_words(claim.kind),
        subject=claim.subject or "",
        figure=figure(claim),
        object="" if dated else claim.object or "",
        modality=claim.modality,
        speaker=claim.speaker or "",
        when=" ".join((claim.period or ("" if dated else claim.date) or "").split("_")),
        evidence=claim.evidence,
    )


def mood_view(mood: Mood, name: str) -> MoodView:
    score = min(1.0, max(-1.0, mood.score))
    return MoodView(
        name=name,
        polarity=mood.polarity,
        score=signed(score),
        x=round(BAR + min(0.0, score) * BAR, 1),
        width=round(max(1.0, abs(score) * BAR), 1),
        entity=mood.entity,
    )


def hit_view(
    hit: Hit, now: datetime, kinds: frozenset[str] = frozenset(), edits: int = 0
) -> HitView:
    """A result; claims of the kinds that the query asks for come first.

    ``edits``: how many texts it had before.
    """
    article = hit.article
    ordered = sorted(enumerate(article.claims), key=lambda it: (it[1].kind not in kinds, it[0]))
    return HitView(
        id=article.id,
        title=pieces(hit.title) or [(shown_title(article), False)],
        snippet=pieces(hit.snippet),
        source=source_name(article),
        published=if_known(article.published, now),
        fetched=moment(article.fetched_at, now),
        claims=tuple(claim_view(claim, f"c{at}") for at, claim in ordered[:CHIPS]),
        more_claims=max(0, len(ordered) - CHIPS),
        moods=strongest_moods(article),
        updated=if_known(edited(article), now),
        edits=edits,
        copies=hit.copies,
        story=article.story,
    )


def edited(article: Article) -> datetime | None:
    """When the publisher says that the text was changed after it came out."""
    return article.updated if article.updated != article.published else None


def strongest_moods(article: Article) -> tuple[MoodView, ...]:
    """Towards whom the article is least neutral, strongest first."""
    names = {entity.id: entity.name for entity in article.entities}
    felt = sorted(
        (mood for mood in article.moods if mood.polarity != "neutral" and mood.entity in names),
        key=lambda mood: -abs(mood.score),
    )
    return tuple(mood_view(mood, names[mood.entity]) for mood in felt[:MOODS])


def claim_row(hit: ClaimHit, now: datetime) -> ClaimRow:
    return ClaimRow(
        claim=claim_view(hit.claim),
        sentence=pieces(hit.sentence),
        article=hit.article_id,
        title=hit.title or hit.url,
        source=source_name(hit),
        published=if_known(hit.published, now),
    )


def freshness(stats: Stats, now: datetime) -> Freshness:
    return Freshness(stats.articles, stats.claims, stats.revisions, if_known(stats.newest, now))


def pieces(marked: Marked) -> Pieces:
    return highlighted(marked.text, marked.marks)


def shown_title(article: Article) -> str:
    return article.title or article.url


def safe_link(url: str) -> str | None:
    """The address when a browser may follow it: http and https only."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def kinds_asked(query: Node) -> frozenset[str]:
    """The claim kinds that a query asks for, those that it rules out left aside."""
    match query:
        case ClaimIs(kind=str(kind)):
            return frozenset((kind,))
        case And(parts=parts) | Or(parts=parts):
            return frozenset(kind for part in parts for kind in kinds_asked(part))
        case _:
            return frozenset()
