"""What a page of results shows: asks the index, then decides with the functions of ``views``."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from processors.figures import kind_words
from processors.query.tree import Node
from services.index import FACETS, FacetCount, Index
from services.web.clauses import FILTER, clauses, filter_clause, with_clause, without_clause
from services.web.state import LAST_PAGE, PAGE_SIZE, SearchState, between, month_days
from services.web.views import ClaimRow, HitView, claim_row, hit_view, kinds_asked

FACET_TITLES = {"source": "Source", "entity": "Entity", "claim": "Claim kind", "month": "Month"}
WIDENED = 8
"""Parts of a query without hits that are each counted."""

Parse = Callable[[str], Node]


class Chip(msgspec.Struct, frozen=True):
    """A filter that holds, and the address without it."""

    text: str
    address: str


class FacetItem(msgspec.Struct, frozen=True):
    label: str
    count: int
    active: bool
    address: str
    """Adds the filter, or takes it away when it is active."""


class FacetView(msgspec.Struct, frozen=True):
    title: str
    items: tuple[FacetItem, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a search without hits: how many it finds alone, and the rest without it."""

    text: str
    alone: int
    alone_address: str
    without: int | None
    """None where there are two parts: it is the count of the other one."""
    without_address: str


class ResultsView(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    page: int
    first: int
    last_page: int
    cut: bool
    """Whether there are more results than pages can show."""
    chips: tuple[Chip, ...]
    empty_index: bool
    parts: tuple[Part, ...]
    hits: tuple[HitView, ...] = ()
    facets: tuple[FacetView, ...] = ()
    rows: tuple[ClaimRow, ...] = ()


def search_view(index: Index, state: SearchState, parse: Parse, now: datetime) -> ResultsView:
    """Articles for the state.

    Raises what ``parse`` does, UserError for a wrong day, TryLater when the index is away.
    """
    node = between(parse(state.q), state)
    found = index.search(node, offset=state.offset, limit=PAGE_SIZE, sort=state.order, facets=True)
    if not found.hits and 0 < found.total <= state.offset:
        state = state.but(page=last_page(found.total))
        found = index.search(
            node, offset=state.offset, limit=PAGE_SIZE, sort=state.order, facets=True
        )
    kinds = kinds_asked(node)
    return msgspec.structs.replace(
        _frame(index, state, found.total, "/", lambda query: _articles(index, parse, query)),
        hits=tuple(hit_view(hit, now, kinds) for hit in found.hits),
        facets=facet_views(found.facets, state),
    )


def claims_view(index: Index, state: SearchState, parse: Parse, now: datetime) -> ResultsView:
    """Claims for the state; raises as ``search_view`` does."""
    node = between(parse(state.q), state)
    found = index.claims(node, offset=state.offset, limit=PAGE_SIZE)
    if not found.claims and 0 < found.total <= state.offset:
        state = state.but(page=last_page(found.total))
        found = index.claims(node, offset=state.offset, limit=PAGE_SIZE)
    return msgspec.structs.replace(
        _frame(index, state, found.total, "/claims", lambda query: _claims(index, parse, query)),
        rows=tuple(claim_row(hit, now) for hit in found.claims),
    )


def last_page(total: int) -> int:
    return min(LAST_PAGE, max(1, -(-total // PAGE_SIZE)))


def _articles(index: Index, parse: Parse, state: SearchState) -> int:
    return index.search(between(parse(state.q), state), limit=1).total


def _claims(index: Index, parse: Parse, state: SearchState) -> int:
    return index.claims(between(parse(state.q), state), limit=1).total


def _frame(
    index: Index, state: SearchState, total: int, path: str, count: Callable[[SearchState], int]
) -> ResultsView:
    empty = total == 0 and index.stats().articles == 0
    return ResultsView(
        total=total,
        page=state.page,
        first=state.offset + 1,
        last_page=last_page(total),
        cut=total > LAST_PAGE * PAGE_SIZE,
        chips=chips(state, path),
        empty_index=empty,
        parts=() if total or empty else widened(state, path, count),
    )


def chips(state: SearchState, path: str) -> tuple[Chip, ...]:
    """The filters that hold, in the query and by date, each with the way out of it."""
    typed = dict.fromkeys(part for part in clauses(state.q) or () if FILTER.match(part))
    found = [Chip(part, state.but(q=without_clause(state.q, part)).address(path)) for part in typed]
    if state.after:
        found.append(Chip(f"from {state.after}", state.but(after="").address(path)))
    if state.before:
        found.append(Chip(f"before {state.before}", state.but(before="").address(path)))
    return tuple(found)


def facet_views(
    counted: Mapping[str, tuple[FacetCount, ...]], state: SearchState
) -> tuple[FacetView, ...]:
    return tuple(
        FacetView(FACET_TITLES[name], tuple(_facet_item(name, item, state) for item in items))
        for name in FACETS
        if (items := counted.get(name, ()))
    )


def _facet_item(name: str, item: FacetCount, state: SearchState) -> FacetItem:
    label = kind_words(item.label) if name == "claim" else item.label
    if name == "month":
        after, before = month_days(item.value) or ("", "")
        active = (state.after, state.before) == (after, before)
        target = state.but(after="" if active else after, before="" if active else before)
    else:
        clause = filter_clause(name, item.value)
        active = clause in (clauses(state.q) or ())
        change = without_clause if active else with_clause
        target = state.but(q=change(state.q, clause))
    return FacetItem(label, item.count, active, target.address("/"))


def widened(state: SearchState, path: str, count: Callable[[SearchState], int]) -> tuple[Part, ...]:
    """What each part of a search without hits finds alone, and the search without that part."""
    variants = _variants(state)
    if len(variants) < 2:
        return ()
    return tuple(
        Part(
            text=text,
            alone=count(alone),
            alone_address=alone.address(path),
            without=count(without) if len(variants) > 2 else None,
            without_address=without.address(path),
        )
        for text, alone, without in variants[:WIDENED]
    )


def _variants(state: SearchState) -> Sequence[tuple[str, SearchState, SearchState]]:
    """For each part of the search: its text, the part alone, and the search without it."""
    typed = dict.fromkeys(clauses(state.q) or filter(str.strip, (state.q,)))
    variants = [
        (part, SearchState(q=part), state.but(q=without_clause(state.q, part))) for part in typed
    ]
    if state.after or state.before:
        text = " ".join(
            f"{word} {day}"
            for word, day in (("from", state.after), ("before", state.before))
            if day
        )
        alone = SearchState(after=state.after, before=state.before)
        variants.append((text, alone, state.but(after="", before="")))
    return variants
