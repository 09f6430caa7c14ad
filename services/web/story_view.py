"""What the page of a story shows: its coverage in order, its figures, and who else has them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import msgspec

from processors.figures import kind_words
from processors.query.tree import And, ClaimIs, Condition, Not, PartyIs, StoryIs
from processors.records import Article, Claim
from processors.stories.ledger import Statement, about, ledger_entry, reach, stated
from processors.stories.moves import Moved, moves
from services.index import Index, source_name
from services.web.disagreements_view import claims_query, statement
from services.web.event_view import EventView, event_view
from services.web.moments import Moment, age_words, if_known
from services.web.views import shown_title

COPIES = 200
REVISED = 30
"""Copies whose earlier versions are looked at."""
WEIGHED = 8
"""Claims of the original that other stories are asked about."""
OTHERS = 100


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """One article of the story."""

    id: str
    title: str
    source: str
    published: Moment | None
    fetched: Moment | None
    later: str
    """How long after the first; empty for the first, and where no time is known."""
    original: bool
    moved: tuple[Moved, ...]
    """How its figures differ from those of the original."""
    edits: tuple["Edit", ...]


class Edit(msgspec.Struct, frozen=True):
    """A version of an article that gave other figures than the one before."""

    fetched: Moment | None
    moved: tuple[Moved, ...]


class Backed(msgspec.Struct, frozen=True, kw_only=True):
    """A claim of the original, and how many other stories have its figure, or another."""

    kind: str
    about: str
    figure: str
    also: int
    against: int
    other: str
    """The figure that most of the others give."""
    claims: str
    """The address of all claims about the same."""


class StoryPage(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    total: int
    sources: int
    first: Copy
    spread: str
    """From the first copy to the last, in words; empty for a single one."""
    copies: tuple[Copy, ...]
    backed: tuple[Backed, ...]
    more_claims: int
    event: EventView | None
    """What others tell of the same event; None where nobody else does."""


def story_page(index: Index, story: str, now: datetime) -> StoryPage | None:
    """All coverage of a story, by its id or that of an article; None when there is none.

    An article's own id is its story's until it joins another, so links made before then hold.
    Raises TryLater.
    """
    found = index.search(StoryIs(story), limit=COPIES, sort="oldest")
    if not found.hits and (article := index.get(story)) is not None and article.story:
        story = article.story
        found = index.search(StoryIs(story), limit=COPIES, sort="oldest")
    articles = [hit.article for hit in found.hits]
    if not articles:
        return None
    first = next((it for it in articles if it.original), articles[0])
    articles.sort(key=lambda it: it is not first)
    start = first.published
    copies = tuple(
        _copy(it, first, start, _versions(index, it) if at < REVISED else (it,), now)
        for at, it in enumerate(articles)
    )
    weighed = _weighed(first)
    times = [it.published for it in articles if it.published]
    return StoryPage(
        id=story,
        title=shown_title(first),
        total=found.total,
        sources=len({source_name(it) for it in articles}),
        first=copies[0],
        spread=age_words(max(times) - min(times)) if len(times) > 1 else "",
        copies=copies,
        backed=tuple(_backed(index, story, first, claim) for claim in weighed[:WEIGHED]),
        more_claims=max(0, len(weighed) - WEIGHED),
        event=event_view(index, first, now),
    )


def _versions(index: Index, article: Article) -> tuple[Article, ...]:
    """The article and what it replaced, oldest first."""
    return (*reversed(index.revisions(article.id)), article)


def _copy(
    article: Article,
    first: Article,
    start: datetime | None,
    versions: Sequence[Article],
    now: datetime,
) -> Copy:
    later = article.published - start if article.published and start else None
    edits = (
        Edit(if_known(new.fetched_at, now), moves(old.claims, new.claims))
        for old, new in pairwise(versions)
    )
    return Copy(
        id=article.id,
        title=shown_title(article),
        source=source_name(article),
        published=if_known(article.published, now),
        fetched=if_known(article.fetched_at, now),
        later=age_words(later) if later and article is not first else "",
        original=article is first,
        moved=() if article is first else moves(first.claims, article.claims),
        edits=tuple(edit for edit in edits if edit.moved),
    )


def _weighed(article: Article) -> list[Claim]:
    """The first figure that the article gives of each thing that it makes claims about."""
    found: dict[str, Claim] = {}
    for claim in article.claims:
        if claim.subject and claim.modality != "denied" and reach(claim):
            found.setdefault(about(claim), claim)
    return list(found.values())


def _backed(index: Index, story: str, article: Article, claim: Claim) -> Backed:
    """What other stories say about the thing of one claim."""
    conditions: list[Condition] = [PartyIs("subject", claim.subject_id or claim.subject or "")]
    if thing := claim.object_id or claim.object:
        conditions.append(PartyIs("object", thing))
    asked = And((ClaimIs(claim.kind, tuple(conditions)), Not(StoryIs(story))))
    hits = index.claims(asked, limit=OTHERS, sort="oldest").claims
    same = [statement(hit) for hit in hits if about(hit.claim) == about(claim)]
    own = Statement(
        claim=claim,
        article=article.id,
        source=source_name(article),
        story=story,
        at=article.published,
    )
    entry = ledger_entry([own, *same])
    positions = entry.positions if entry else ()
    home = next(it for it in positions if own in it.statements)
    others = [it for it in positions if it is not home]
    agreeing = {it.origin for it in home.statements} - {story}
    differing = {it.origin for one in others for it in one.statements} - {story}
    return Backed(
        kind=kind_words(claim.kind),
        about=about(claim),
        figure=stated(claim),
        also=len(agreeing),
        against=len(differing - agreeing),
        other=others[0].figure if others else "",
        claims=f"/claims{claims_query(claim)}",
    )
