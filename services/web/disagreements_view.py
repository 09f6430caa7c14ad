"""What the ledger of disagreements shows: who stands where, since when, and who moved."""

from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from processors.query.explain import explain
from processors.query.tree import Node
from processors.records import Claim
from processors.stories.ledger import Entry, Position, Statement, ledger_entry
from services.index import ClaimHit, Dispute, Index, source_name
from services.web.charts.claims import ClaimsChart, claims_chart
from services.web.clauses import filter_clause
from services.web.filters import Chip, chips
from services.web.moments import Moment, if_known
from services.web.paging import Neighbours, neighbours
from services.web.record_state import DISPUTES_SIZE, DisputesState
from services.web.state import SearchState, between
from services.web.views import Pieces, pieces
from services.web.widen import Part, widened

Parse = Callable[[str], Node]
PATH = "/disagreements"
CONSIDERED = 40
"""Disagreements that are weighed against each other: those with the most claims."""
QUOTED = 3
"""Sentences of a position that are shown."""
MOVES = 12
POSITIONS = 4
DRAWN = 8


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """One statement with its sentence."""

    article: str
    title: str
    source: str
    speaker: str
    published: Moment | None
    sentence: Pieces


class PositionView(msgspec.Struct, frozen=True, kw_only=True):
    figure: str
    origins: int
    copies: int
    """Further articles that say so: copies, and later ones of the same story."""
    sources: tuple[str, ...]
    speakers: tuple[str, ...]
    modalities: tuple[str, ...]
    first: Moment | None
    last: Moment | None
    quotes: tuple[Quote, ...]
    more: int


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One line of how a disagreement went on."""

    when: Moment | None
    source: str
    speaker: str
    article: str
    title: str
    figure: str
    before: str
    """The figure that the source had given until then; empty where the figure was new."""


class DisputeView(msgspec.Struct, frozen=True, kw_only=True):
    anchor: str
    about: str
    headline: str
    origins: int
    claims: str
    """The address of all its claims."""
    positions: tuple[PositionView, ...]
    more_positions: int
    moves: tuple[Move, ...]
    more_moves: int
    chart: ClaimsChart


class DisagreementsView(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    """Sets of claims whose figures do not meet."""
    independent: int
    """Of those that were weighed, where two stories share no figure."""
    considered: int
    page: int
    first: int
    explained: str
    chips: tuple[Chip, ...]
    disputes: tuple[DisputeView, ...]
    around: Neighbours
    empty_index: bool
    parts: tuple[Part, ...]


class _Told(msgspec.Struct, frozen=True):
    dispute: Dispute
    entry: Entry


def disagreements_view(
    index: Index, state: DisputesState, parse: Parse, now: datetime
) -> DisagreementsView:
    """The ledger for the state; raises as ``claims_view`` does."""
    asked = parse(state.q)
    found = index.disputes(between(asked, state), limit=CONSIDERED)
    told = [_Told(it, entry) for it in found.disputes if (entry := entry_of(it.claims))]
    independent = [it for it in told if it.entry.independent]
    shown = _ordered(told if state.every else independent, state.dispute_order)
    start = (state.page - 1) * DISPUTES_SIZE
    empty = found.total == 0 and index.stats().articles == 0

    def count(other: SearchState) -> int:
        return index.disputes(between(parse(other.q), other), limit=0).total

    following = "more" if len(shown) > start + DISPUTES_SIZE else ""
    return DisagreementsView(
        total=found.total,
        independent=len(independent),
        considered=len(told),
        page=state.page,
        first=start + 1,
        explained=explain(asked) if state.q.strip() else "",
        chips=chips(state, PATH),
        disputes=tuple(
            dispute_view(it.dispute, it.entry, f"d{start + at}", now)
            for at, it in enumerate(shown[start : start + DISPUTES_SIZE])
        ),
        around=neighbours(state, following, PATH),
        empty_index=empty,
        parts=() if found.total or empty else widened(state, PATH, count),
    )


def entry_of(claims: Sequence[ClaimHit]) -> Entry | None:
    """The ledger's entry for claims about one thing."""
    return ledger_entry(statement(hit) for hit in claims)


def statement(hit: ClaimHit) -> Statement:
    return Statement(
        claim=hit.claim,
        article=hit.article_id,
        source=source_name(hit),
        story=hit.story,
        at=hit.published or hit.fetched_at,
        title=hit.title or hit.url,
    )


def _ordered(told: list[_Told], order: str) -> list[_Told]:
    """Those that most independent origins take part in, the newest, or the widest first."""
    match order:
        case "newest":
            return sorted(told, key=lambda it: -_newest(it.entry))
        case "widest":
            return sorted(told, key=lambda it: -_spread(it.entry))
        case _:
            return sorted(told, key=lambda it: _backing(it.entry))


def _backing(entry: Entry) -> tuple[bool, int, int, float]:
    """First what is about one thing, then where also the second figure has many origins.

    So two against two come before five against one; of equals, the widest apart.
    """
    second = entry.positions[1].origins if len(entry.positions) > 1 else 0
    return not entry.definite, -second, -entry.origins, -_spread(entry)


def _newest(entry: Entry) -> float:
    times = [it.at.timestamp() for one in entry.positions for it in one.statements if it.at]
    return max(times, default=0.0)


def _spread(entry: Entry) -> float:
    """How many times the least figure the largest one is."""
    figures = [max(position.at, 1e-9) for position in entry.positions]
    return min(max(figures), 1e30) / min(figures)


def dispute_view(dispute: Dispute, entry: Entry, anchor: str, now: datetime) -> DisputeView:
    """One entry ready to show; its chart links to the sentences beside it."""
    sentences = {(hit.article_id, hit.claim): hit for hit in dispute.claims}
    return DisputeView(
        anchor=anchor,
        about=entry.about,
        headline=entry.headline,
        origins=entry.origins,
        claims=f"/claims{claims_query(dispute.claims[0].claim)}",
        positions=tuple(_position(it, sentences, now) for it in entry.positions[:POSITIONS]),
        more_positions=max(0, len(entry.positions) - POSITIONS),
        moves=tuple(_moves(entry, now))[:MOVES],
        more_moves=max(0, len(entry.changes) - MOVES),
        chart=claims_chart(
            dispute.claims,
            lambda hit: f"/article/{quote(hit.article_id)}#claims",
            now,
            id=f"{anchor}-chart",
            total=dispute.total,
            most=DRAWN,
        ),
    )


def claims_query(claim: Claim) -> str:
    """The parameters of a search for the claims about the same thing."""
    conditions = [filter_clause("subject", claim.subject_id or claim.subject or "")]
    if claim.object_id or claim.object:
        conditions.append(filter_clause("object", claim.object_id or claim.object or ""))
    return SearchState(q=f"claim:{claim.kind}({' '.join(conditions)})").parameters()


Sentences = dict[tuple[str, Claim], ClaimHit]


def _position(position: Position, sentences: Sentences, now: datetime) -> PositionView:
    firsts = {it.origin: it for it in reversed(position.statements)}
    quoted = [it for it in position.statements if firsts[it.origin] is it]
    articles = {it.article for it in position.statements}
    return PositionView(
        figure=position.figure,
        origins=position.origins,
        copies=len(articles) - position.origins,
        sources=position.sources,
        speakers=position.speakers,
        modalities=position.modalities,
        first=if_known(position.first.at, now),
        last=if_known(position.last.at, now),
        quotes=tuple(_quote(it, sentences, now) for it in quoted[:QUOTED]),
        more=max(0, len(quoted) - QUOTED),
    )


def _quote(it: Statement, sentences: Sentences, now: datetime) -> Quote:
    hit = sentences[it.article, it.claim]
    return Quote(
        article=it.article,
        title=it.title,
        source=it.source,
        speaker=it.claim.speaker or "",
        published=if_known(it.at, now),
        sentence=pieces(hit.sentence),
    )


def _moves(entry: Entry, now: datetime) -> list[Move]:
    return [
        Move(
            when=if_known(change.statement.at, now),
            source=change.statement.source,
            speaker=change.statement.claim.speaker or "",
            article=change.statement.article,
            title=change.statement.title,
            figure=entry.positions[change.position].figure,
            before="" if change.before is None else entry.positions[change.before].figure,
        )
        for change in entry.changes
    ]
