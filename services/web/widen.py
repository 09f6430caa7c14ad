"""A search without hits: what each of its parts finds alone, and what longer spans find."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec

from processors.query.tree import And, Node, Published
from services.web.clauses import Typed
from services.web.state import SearchState

WIDENED = 8
"""Parts of a query that are each counted."""
SPANS = (7, 30, 90, 365)
"""Days, up to now, that a search by date is widened to."""
DATES = ("after:", "before:", "-after:", "-before:")

Count = Callable[[SearchState], int]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a search without hits: how many it finds alone, and the rest without it."""

    text: str
    alone: int
    alone_address: str
    without: int | None
    """None where there are two parts: it is the count of the other one."""
    without_address: str


class Wider(msgspec.Struct, frozen=True):
    """The same search over a longer time."""

    text: str
    """``in 90 days`` or ``at any time``."""
    count: int
    address: str


def widened(state: SearchState, path: str, count: Count) -> tuple[Part, ...]:
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


def wider_spans(
    state: SearchState, node: Node, path: str, now: datetime, count: Count
) -> tuple[Wider, ...]:
    """The search over longer times than it asks for, where each finds more than the one before."""
    undated = _undated(state)
    if undated is None:
        return ()
    since = earliest(node)
    found: list[Wider] = []
    for days, wider in _longer(undated, since, now):
        many = count(wider)
        if many > (found[-1].count if found else 0):
            text = f"in {days} days" if days else "at any time"
            found.append(Wider(text, many, wider.address(path)))
    return tuple(found)


def earliest(node: Node) -> datetime | None:
    """The latest time that all of a query's matches must follow; None where there is none."""
    match node:
        case Published(after=after):
            return after
        case And(parts=parts):
            return max((at for part in parts if (at := earliest(part))), default=None)
        case _:
            return None


def _longer(
    undated: SearchState, since: datetime | None, now: datetime
) -> Iterator[tuple[int, SearchState]]:
    for days in SPANS:
        start = now - timedelta(days=days)
        if since is None or start < since:
            yield days, undated.but(after=start.date().isoformat())
    yield 0, undated


def _undated(state: SearchState) -> SearchState | None:
    """The search at any time; None when it is that already."""
    typed = Typed.of(state.q)
    dated = [part for part in typed.parts or () if part.lower().startswith(DATES)]
    if not dated and not state.after and not state.before:
        return None
    return state.but(q=typed.without(*dated), after="", before="")


def _variants(state: SearchState) -> Sequence[tuple[str, SearchState, SearchState]]:
    """For each part of the search: its text, the part alone, and the search without it."""
    typed = Typed.of(state.q)
    texts = dict.fromkeys(typed.parts or filter(str.strip, (state.q,)))
    variants = [(part, SearchState(q=part), state.but(q=typed.without(part))) for part in texts]
    if state.after or state.before:
        text = " ".join(
            f"{word} {day}"
            for word, day in (("from", state.after), ("before", state.before))
            if day
        )
        alone = SearchState(after=state.after, before=state.before)
        variants.append((text, alone, state.but(after="", before="")))
    return variants
