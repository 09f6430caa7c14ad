"""What the page of claims shows: asks the index, then decides with pure functions."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from processors.query.tree import Node
from services.index import Index
from services.web.filters import Chip, chips
from services.web.paging import Neighbours, neighbours
from services.web.state import PAGE_SIZE, SearchState, between
from services.web.views import ClaimRow, claim_row
from services.web.widen import Part, widened

Parse = Callable[[str], Node]


class ClaimsView(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    page: int
    first: int
    chips: tuple[Chip, ...]
    empty_index: bool
    parts: tuple[Part, ...]
    rows: tuple[ClaimRow, ...] = ()
    around: Neighbours = Neighbours()


def claims_view(index: Index, state: SearchState, parse: Parse, now: datetime) -> ClaimsView:
    """Claims for the state.

    Raises what ``parse`` does, UserError for a wrong day, TryLater when the index is away.
    """
    node = between(parse(state.q), state)
    found = index.claims(node, offset=state.offset, limit=PAGE_SIZE, after=state.cursor)
    empty = found.total == 0 and index.stats().articles == 0

    def count(other: SearchState) -> int:
        return index.claims(between(parse(other.q), other), limit=1).total

    return ClaimsView(
        total=found.total,
        page=state.page,
        first=state.offset + 1,
        chips=chips(state, "/claims"),
        empty_index=empty,
        parts=() if found.total or empty else widened(state, "/claims", count),
        rows=tuple(claim_row(hit, now) for hit in found.claims),
        around=neighbours(state, found.next, "/claims"),
    )
