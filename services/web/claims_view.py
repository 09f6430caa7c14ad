"""What the page of claims shows: asks the index, then decides with pure functions."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from processors.query.explain import explain
from processors.query.tree import Node
from services.index import ClaimHit, Index
from services.web.charts.claims import ClaimsChart, about, claims_chart
from services.web.claim_filters import Choices, claim_choices
from services.web.filters import Chip, chips
from services.web.paging import Neighbours, neighbours
from services.web.record_state import CLAIMS_SIZE, LAST_CLAIMS_PAGE, ClaimsState
from services.web.state import SearchState, between
from services.web.views import ClaimRow, claim_row
from services.web.widen import Part, widened

Parse = Callable[[str], Node]
PATH = "/claims"


class ShownClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table; its anchor is where its mark in the chart leads."""

    anchor: str
    row: ClaimRow
    subject: str
    """The address of its subject's page; empty where nobody in particular is meant."""
    story: str


class ClaimGroup(msgspec.Struct, frozen=True):
    """Rows under one heading; the heading is empty where nothing is grouped."""

    name: str
    rows: tuple[ShownClaim, ...]


class ClaimsView(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    page: int
    first: int
    last: int
    explained: str
    chips: tuple[Chip, ...]
    choices: tuple[Choices, ...]
    empty_index: bool
    parts: tuple[Part, ...]
    chart: ClaimsChart
    groups: tuple[ClaimGroup, ...]
    around: Neighbours
    exports: tuple[tuple[str, str], ...]
    """Name and address of each file of all these claims."""


def claims_view(index: Index, state: ClaimsState, parse: Parse, now: datetime) -> ClaimsView:
    """Claims for the state.

    Raises what ``parse`` does, UserError for a wrong day or cursor, TryLater when the index is
    away.
    """
    asked = parse(state.q)
    node = between(asked, state)
    found = index.claims(
        node,
        offset=state.offset,
        limit=CLAIMS_SIZE,
        sort=state.claim_order,
        after=state.cursor,
    )
    empty = found.total == 0 and index.stats().articles == 0

    def count(other: SearchState) -> int:
        return index.claims(between(parse(other.q), other), limit=0).total

    anchors = {id(hit): f"r{number}" for number, hit in enumerate(found.claims)}
    return ClaimsView(
        total=found.total,
        page=state.page,
        first=state.offset + 1,
        last=state.offset + len(found.claims),
        explained=explain(asked) if state.q.strip() else "",
        chips=chips(state, PATH),
        choices=claim_choices(state, found.claims, complete=found.total == len(found.claims)),
        empty_index=empty,
        parts=() if found.total or empty else widened(state, PATH, count),
        chart=claims_chart(
            found.claims,
            lambda hit: f"#{anchors[id(hit)]}",
            now,
            group="subject" if state.group == "subject" else "object",
        ),
        groups=_groups(found.claims, state.group, now),
        around=neighbours(state, found.next, PATH, LAST_CLAIMS_PAGE),
        exports=exports(state),
    )


def exports(state: ClaimsState) -> tuple[tuple[str, str], ...]:
    """The files of a search for claims, whatever page of it is open."""
    whole = state.but(group="")
    return (("CSV", whole.address("/claims.csv")), ("JSON lines", whole.address("/claims.jsonl")))


def _groups(hits: Sequence[ClaimHit], group: str, now: datetime) -> tuple[ClaimGroup, ...]:
    """The claims in their order, those of one group under the first of it."""
    found: dict[str, list[ShownClaim]] = {}
    for number, hit in enumerate(hits):
        found.setdefault(_heading(hit, group), []).append(_shown(hit, f"r{number}", now))
    return tuple(ClaimGroup(name, tuple(rows)) for name, rows in found.items())


def _heading(hit: ClaimHit, group: str) -> str:
    match group:
        case "subject":
            return hit.claim.subject or "nobody in particular"
        case "object":
            return about(hit.claim)
        case _:
            return ""


def _shown(hit: ClaimHit, anchor: str, now: datetime) -> ShownClaim:
    return ShownClaim(
        anchor=anchor,
        row=claim_row(hit, now),
        subject=hit.claim.subject_id or "",
        story=hit.story or hit.article_id,
    )
