"""What the operations page shows: pure functions from a look to what is written there."""

import shlex
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

import msgspec

from services.operations.parts import UNFINISHED
from services.operations.report import (
    Freshness,
    LetterGroup,
    Missing,
    Operations,
    SourcesLook,
    StageRow,
)
from services.operations.stages import LIVE_OF, STAGES
from services.sources.states import span_words
from services.store.tallies import BOUNDS
from services.web.moments import Moment, if_known, moment
from services.web.problems import sentence
from services.words import counted

Coded = tuple[tuple[str, bool], ...]
"""Pieces of a text, and whether each is a command or a name."""


class StageView(msgspec.Struct, frozen=True, kw_only=True):
    stage: str
    state: str
    wrong: bool
    calm: bool
    """Whether nothing has to be seen there."""
    says: str
    remedy: Coded
    waiting: str
    five: str
    sixty: str
    last: Moment | None
    known: bool
    """Whether it is known what was done."""
    nothing: bool
    """Whether nothing came to its end there in the last day."""
    outcomes: str


class GroupView(msgspec.Struct, frozen=True, kw_only=True):
    """Letters of one stage and class, and how they are dropped at the command line."""

    stage: str
    error_class: str
    letters: int
    under_way: int
    newest: Moment | None
    reasons: tuple[str, ...]
    drop: str


class SourceView(msgspec.Struct, frozen=True, kw_only=True):
    address: str
    name: str
    state: str
    since: str
    reason: str


class MissingView(msgspec.Struct, frozen=True):
    parts: str
    reason: str
    remedy: Coded


class ComponentView(msgspec.Struct, frozen=True):
    name: str
    version: str
    seen: Moment | None


class Link(msgspec.Struct, frozen=True):
    text: str
    address: str


class OperationsView(msgspec.Struct, frozen=True, kw_only=True):
    looked_at: Moment
    at: str
    """Hour, minute and second, in UTC."""
    verdict: tuple[Link, ...]
    """What should be looked at, each with its place; empty when all is well."""
    missing: tuple[MissingView, ...]
    empty: bool
    """Nothing has run here yet."""
    stages: tuple[StageView, ...]
    groups: tuple[GroupView, ...] | None
    more_groups: int
    ended_letters: str
    """``3 retried, 1 dropped``; empty where there are none."""
    sources: tuple[SourceView, ...] | None
    more_sources: int
    source_states: tuple[Link, ...]
    freshness: str
    disk: str
    disk_remedy: str
    disk_wrong: bool
    components: tuple[ComponentView, ...]
    versions: str
    """A word about stages that run in several versions; empty otherwise."""


def operations_view(seen: Operations) -> OperationsView:
    now = seen.looked_at
    letters, disk = seen.dead_letters, seen.disk
    return OperationsView(
        looked_at=moment(now, now),
        at=f"{now:%H:%M:%S}",
        verdict=verdict(seen),
        missing=_missing(seen.missing),
        empty=_nothing_ran(seen),
        stages=tuple(_stage(row, now) for row in seen.stages if _is_shown(row)),
        groups=None if letters is None else tuple(_group(each, now) for each in letters.groups),
        more_groups=letters.more if letters else 0,
        ended_letters=_ended(letters.states) if letters else "",
        sources=_sources(seen.sources, now) if seen.sources else None,
        more_sources=seen.sources.more if seen.sources else 0,
        source_states=_states(seen.sources) if seen.sources else (),
        freshness=sentence(fresh_words(seen.freshness)),
        disk=disk.says if disk else "",
        disk_remedy=disk.remedy if disk else "",
        disk_wrong=disk is not None and disk.state != "well",
        components=tuple(
            ComponentView(each.name, each.version, if_known(each.last_seen, now))
            for each in seen.components
        ),
        versions=sentence(_versions(seen)),
    )


def verdict(seen: Operations) -> tuple[Link, ...]:
    """What is not well, in a few words each."""
    found = [Link(f"{row.stage} stands", "#stages") for row in seen.stages if row.state == "stands"]
    states = seen.dead_letters.states if seen.dead_letters else {}
    if letters := sum(states.get(state, 0) for state in UNFINISHED):
        found.append(Link(counted(letters, "dead letter"), "#letters"))
    if seen.sources and (ill := len(seen.sources.troubled) + seen.sources.more):
        found.append(Link(f"{counted(ill, 'source')} late, silent or gone", "#sources"))
    if seen.disk and seen.disk.state != "well":
        found.append(Link("little disk is left", "#disk"))
    if seen.missing:
        found.append(Link("not all could be looked at", "#missing"))
    return tuple(found)


def coded(text: str) -> Coded:
    """What stands between two backticks is code."""
    return tuple((part, at % 2 == 1) for at, part in enumerate(text.split("`")) if part)


def fresh_words(fresh: Freshness | None) -> str:
    """``half of 120 articles … within 20 seconds of their fetch, 19 of 20 within 45 seconds …``."""
    if fresh is None:
        return ""
    if fresh.p50_seconds is None or fresh.p95_seconds is None:
        return "no new article came into the index in the last hour"
    said = (
        f"{counted(fresh.articles, 'article')} of the last hour could be searched "
        f"{_within(fresh.p50_seconds)} their fetch"
    )
    if fresh.p50_seconds == fresh.p95_seconds:
        return f"19 of 20 of {said}"
    return f"half of {said}, 19 of 20 {_within(fresh.p95_seconds)} it"


def _within(seconds: int) -> str:
    sign = "after more than" if seconds == BOUNDS[-1] else "within"
    return f"{sign} {span_words(seconds)} of"


def _nothing_ran(seen: Operations) -> bool:
    return (
        seen.sources is not None
        and not seen.sources.states
        and all(not row.waiting and not row.outcomes for row in seen.stages)
        and not seen.missing
    )


def _is_shown(row: StageRow) -> bool:
    """History only where there is any."""
    return row.stage not in LIVE_OF or bool(row.waiting or row.outcomes)


def _stage(row: StageRow, now: datetime) -> StageView:
    return StageView(
        stage=row.stage,
        state=row.state,
        wrong=row.state == "stands",
        calm=row.state in ("idle", "unknown"),
        says=row.says if row.state != "idle" else "",
        remedy=coded(row.remedy),
        waiting="–" if row.waiting is None else f"{row.waiting:,}",
        five=_rate(row.rate_5m),
        sixty=_rate(row.rate_60m),
        last=if_known(row.last_progress, now),
        known=row.outcomes is not None,
        nothing=row.outcomes == {},
        outcomes=_counts(row.outcomes or {}),
    )


def _rate(rate: float | None) -> str:
    if rate is None:
        return "–"
    return f"{rate:,.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())


def _group(group: LetterGroup, now: datetime) -> GroupView:
    words = ("beatwire", "dead", "drop", "--stage", group.stage, "--class", group.error_class)
    return GroupView(
        stage=group.stage,
        error_class=group.error_class,
        letters=group.letters,
        under_way=group.under_way,
        newest=if_known(group.newest, now),
        reasons=group.reasons,
        drop=f"{shlex.join(words)} --reason WHY",
    )


def _ended(states: Mapping[str, int]) -> str:
    ended = ("retried", "dropped")
    return _counts({state: states[state] for state in ended if states.get(state)})


def _sources(found: SourcesLook, now: datetime) -> tuple[SourceView, ...]:
    return tuple(
        SourceView(
            address=f"/sources#source-{quote(each.id)}",
            name=each.name,
            state=each.state,
            since=_for(each.since, now),
            reason=each.reason,
        )
        for each in found.troubled
    )


def _for(since: datetime | None, now: datetime) -> str:
    return f"for {span_words((now - since).total_seconds())}" if since else ""


def _states(found: SourcesLook) -> tuple[Link, ...]:
    return tuple(
        Link(f"{number:,} {state}", f"/sources?state={state}")
        for state, number in found.states.items()
    )


def _missing(found: Sequence[Missing]) -> tuple[MissingView, ...]:
    """Parts that are missing for the same reason are told together."""
    together: dict[tuple[str, str], list[str]] = {}
    for each in found:
        together.setdefault((each.reason, each.remedy), []).append(each.part)
    return tuple(
        MissingView(", ".join(parts), reason, coded(remedy))
        for (reason, remedy), parts in together.items()
    )


def _versions(seen: Operations) -> str:
    """Two versions at once are well for as long as an upgrade takes."""
    running: dict[str, set[str]] = {}
    for each in seen.components:
        if each.name in STAGES:
            running.setdefault(each.name, set()).add(each.version)
    several = [stage for stage, versions in running.items() if len(versions) > 1]
    if not several:
        return ""
    return f"in the last day {', '.join(several)} ran in several versions"
