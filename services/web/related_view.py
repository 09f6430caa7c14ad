"""What stands beside an article: the other copies of its story, and other stories it bears on."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from processors.figures import kind_words
from processors.query.tree import And, ClaimIs, EntityIs, Node, Not, PartyIs, StoryIs
from processors.records import Article
from services.index import Index, source_name
from services.web.moments import Moment, age_words, if_known
from services.web.views import shown_title

RELATED = 5
COPIES = 10
TOGETHER = 2
"""Entities that a related article names as well."""


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Another article in one line."""

    id: str
    title: str
    source: str
    published: Moment | None
    later: str = ""
    """How long after the first copy it came out, in words; empty for the first."""
    because: str = ""
    """What it has in common with the article."""
    here: bool = False


class StoryView(msgspec.Struct, frozen=True):
    """All copies of one story, first published first."""

    id: str
    total: int
    copies: tuple[Beside, ...]


def story_view(index: Index, article: Article, now: datetime) -> StoryView | None:
    """The story of an article; None when no other article tells it."""
    if not article.story:
        return None
    found = index.search(StoryIs(article.story), limit=COPIES, sort="oldest")
    if found.total < 2:
        return None
    copies = [hit.article for hit in found.hits]
    first = next((copy.published for copy in copies if copy.published), None)
    return StoryView(
        article.story,
        found.total,
        tuple(
            _beside(copy, now, later=_later(copy, first), here=copy.id == article.id)
            for copy in copies
        ),
    )


def related(index: Index, article: Article, now: datetime) -> tuple[Beside, ...]:
    """The newest of other stories that make a like claim, or name the same, up to ``RELATED``."""
    others = Not(StoryIs(article.story)) if article.story else None
    shown: dict[str, Beside] = {}
    for because, node in _ties(article):
        if len(shown) >= RELATED:
            break
        asked = And((node, others)) if others else node
        found = index.search(asked, limit=RELATED + 1, sort="newest", fold=True)
        for hit in found.hits:
            if hit.article.id != article.id and len(shown) < RELATED:
                shown.setdefault(hit.article.id, _beside(hit.article, now, because=because))
    return tuple(shown.values())


def _ties(article: Article) -> Iterator[tuple[str, Node]]:
    """What may join another article to this one, the closest tie first."""
    claimed = dict.fromkeys(
        (claim.kind, claim.subject_id or claim.subject, claim.subject)
        for claim in article.claims
        if claim.subject
    )
    for kind, subject, name in [*claimed][:TOGETHER]:
        said = ClaimIs(kind, (PartyIs("subject", str(subject)),))
        yield f"{kind_words(kind)}: {name}", said
    often = sorted(article.entities, key=lambda e: -len(e.mentions) - len(e.references))
    names = often[:TOGETHER]
    if len(names) == TOGETHER:
        together = And(tuple(EntityIs(entity.id) for entity in names))
        yield " and ".join(entity.name for entity in names), together
    for entity in names:
        yield entity.name, EntityIs(entity.id)


def _later(copy: Article, first: datetime | None) -> str:
    if copy.published is None or first is None or copy.published <= first:
        return ""
    return f"{age_words(copy.published - first)} later"


def _beside(
    article: Article, now: datetime, *, later: str = "", because: str = "", here: bool = False
) -> Beside:
    return Beside(
        id=article.id,
        title=shown_title(article),
        source=source_name(article),
        published=if_known(article.published, now),
        later=later,
        because=because,
        here=here,
    )
