"""What the page of sources shows: pure functions from what is known to what is written there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from services.index import FacetCount
from services.sources.overview import Overview, chosen, counts
from services.sources.rules import KINDS
from services.sources.states import STATES, TROUBLED, rhythm_words, span_words
from services.web.clauses import filter_clause
from services.web.moments import Moment, if_known

RANK = {state: place for place, state in enumerate(("gone", "silent", "late", "new", "fine"))}
"""What somebody should look at comes first."""


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    """One source as a row."""

    id: str
    name: str
    url: str
    home: str
    kind: str
    language: str
    state: str
    since: str
    """``for 3 days``; empty where it says nothing."""
    reason: str
    wrong: bool
    trouble: tuple[str, ...]
    looked: Moment | None
    found: str
    news: Moment | None
    rhythm: str
    day: int | None
    """Articles of the last day; None: not known."""
    week: int | None
    articles: str
    """The address of a search for its articles."""


class Choice(msgspec.Struct, frozen=True):
    """A filter and its address; ``active`` when it holds."""

    label: str
    count: int
    address: str
    active: bool


class SourcesView(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[SourceView, ...]
    total: int
    states: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    counted: bool
    """Whether the numbers of articles are known."""


def sources_view(
    every: Sequence[Overview],
    asked: Mapping[str, str],
    covered: "Covered",
    now: datetime,
) -> SourcesView:
    """The sources in the state and of the kind that are asked for; unknown ones count as none."""
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    kind = asked.get("kind", "") if asked.get("kind", "") in KINDS else ""
    found = chosen(every, [state] if state else (), [kind] if kind else ())
    found.sort(key=lambda each: (RANK.get(each.state.state, 9), each.source.id))
    of_kind = chosen(every, (), [kind] if kind else ())
    of_state = chosen(every, [state] if state else ())
    kinds = [name for name in KINDS if any(each.source.kind == name for each in every)]
    return SourcesView(
        rows=tuple(_row(each, covered, now) for each in found),
        total=len(every),
        states=(
            Choice("all", len(of_kind), _address("", kind), not state),
            *(
                Choice(name, number, _address(name, kind), name == state)
                for name, number in counts(of_kind).items()
            ),
        ),
        kinds=(
            Choice("all", len(of_state), _address(state, ""), not kind),
            *(
                Choice(
                    name,
                    sum(each.source.kind == name for each in of_state),
                    _address(state, name),
                    name == kind,
                )
                for name in kinds
            ),
        ),
        counted=covered.day is not None,
    )


class Covered(msgspec.Struct, frozen=True):
    """Articles by source, of the last day and of the last seven; None: the index is away."""

    day: Mapping[str, int] | None = None
    week: Mapping[str, int] | None = None


def by_source(found: Sequence[FacetCount]) -> dict[str, int]:
    return {each.value: each.count for each in found}


def _row(each: Overview, covered: Covered, now: datetime) -> SourceView:
    source, state = each.source, each.state
    since = max(0.0, (now - state.since).total_seconds()) if state.since else None
    return SourceView(
        id=source.id,
        name=source.name or source.id,
        url=source.url,
        home=source.home if source.home.startswith(("https://", "http://")) else "",
        kind=source.kind,
        language=source.language,
        state=state.state,
        since=f"for {span_words(since)}" if since is not None else "",
        reason=state.reason,
        wrong=state.state in TROUBLED,
        trouble=each.trouble,
        looked=if_known(each.looked_at, now),
        found=each.found,
        news=if_known(each.news_at, now),
        rhythm=rhythm_words(state.usual_seconds),
        day=None if covered.day is None else covered.day.get(source.id, 0),
        week=None if covered.week is None else covered.week.get(source.id, 0),
        articles=f"/?{urlencode({'q': filter_clause('source', source.id), 'sort': 'newest'})}",
    )


def _address(state: str, kind: str) -> str:
    given = {name: value for name, value in (("state", state), ("kind", kind)) if value}
    return f"/sources?{urlencode(given)}" if given else "/sources"
