"""What narrows a search: the filters that hold, each with its way out, and those on offer."""

from collections.abc import Mapping

import msgspec

from services.index import FACETS, FacetCount
from services.web.clauses import FILTER, Typed, filter_clause, rules_out
from services.web.state import SearchState

FIELD_OF = {
    "source": "source",
    "entity": "entity",
    "claim": "claim",
    "language": "lang",
    "section": "section",
}
TITLES = {
    "source": "Source",
    "entity": "Named",
    "claim": "Claims of",
    "language": "Language",
    "section": "Section",
}
LINKS_BYTES = 8_000
"""Room on the page for the addresses of one facet's links, which repeat the query each."""
FEWEST, MOST = 2, 24


class Chip(msgspec.Struct, frozen=True):
    """A filter that holds, and the address without it."""

    text: str
    address: str
    excludes: bool = False


class FacetItem(msgspec.Struct, frozen=True, kw_only=True):
    label: str
    count: str
    """With a ``~`` when it is an estimate."""
    active: bool
    address: str
    """Adds the filter, or takes it away when it is active."""
    exclude: str
    """Rules the value out."""


class FacetView(msgspec.Struct, frozen=True):
    name: str
    title: str
    items: tuple[FacetItem, ...]
    more: int
    """Values that are not shown."""


def chips(state: SearchState, path: str) -> tuple[Chip, ...]:
    """The filters that hold, in the query and by date, each with the way out of it."""
    typed = Typed.of(state.q)
    parts = dict.fromkeys(part for part in typed.parts or () if FILTER.match(part))
    found = [
        Chip(part, state.but(q=typed.without(part)).address(path), rules_out(part))
        for part in parts
    ]
    if state.after:
        found.append(Chip(f"from {state.after}", state.but(after="").address(path)))
    if state.before:
        found.append(Chip(f"before {state.before}", state.but(before="").address(path)))
    return tuple(found)


def facet_views(
    counted: Mapping[str, tuple[FacetCount, ...]], state: SearchState, path: str = "/"
) -> tuple[FacetView, ...]:
    """The facets that can tell results apart; of a long query fewer values each."""
    typed = Typed.of(state.q)
    most = min(MOST, max(FEWEST, LINKS_BYTES // (2 * (100 + len(state.parameters())))))
    return tuple(
        FacetView(
            name,
            TITLES[name],
            tuple(_item(name, item, state, typed, path) for item in items[:most]),
            max(0, len(items) - most),
        )
        for name in FACETS
        if (items := counted.get(name, ())) and not _idle(name, items, typed)
    )


def counted(item: FacetCount) -> str:
    """``1,234``, or ``~12,000`` for an estimate."""
    return f"{'~' if item.about else ''}{item.count:,}"


def _idle(name: str, items: tuple[FacetCount, ...], typed: Typed) -> bool:
    """Whether a facet filters nothing: all results are of one language, which nobody asked for."""
    clause = filter_clause(FIELD_OF[name], items[0].value)
    return name == "language" and len(items) == 1 and not typed.has(clause)


def _item(name: str, item: FacetCount, state: SearchState, typed: Typed, path: str) -> FacetItem:
    clause = filter_clause(FIELD_OF[name], item.value)
    active = typed.has(clause)
    wanted = typed.without(clause) if active else typed.narrowed(clause)
    return FacetItem(
        label=item.label,
        count=counted(item),
        active=active,
        address=state.but(q=wanted).address(path),
        exclude=state.but(q=typed.excluding(clause)).address(path),
    )
