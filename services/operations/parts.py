"""The other parts: dead letters, sources, freshness, versions. What to say, without a server."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from services.operations.report import (
    Component,
    DeadLetters,
    Freshness,
    LetterGroup,
    SourcesLook,
    TroubledSource,
)
from services.sources.overview import Overview, counts
from services.sources.states import TROUBLED
from services.stages.flow import INDEX
from services.store.letters import Letter, LetterState
from services.store.tallies import Tally

MOST_GROUPS, MOST_SOURCES = 20, 20
REASONS = 3
"""Reasons of a group that are shown."""

UNFINISHED: tuple[LetterState, ...] = ("open", "retrying")
"""A retry that was killed is brought to its end by the next one."""
LetterCounts = Mapping[tuple[str, str, LetterState], int]


def dead_letters(
    counted: LetterCounts, newest: Callable[[str, str], Sequence[Letter]]
) -> DeadLetters:
    """``newest`` gives some unfinished letters of a stage and class, the newest first."""
    states: Counter[str] = Counter()
    groups: Counter[tuple[str, str]] = Counter()
    under_way: Counter[tuple[str, str]] = Counter()
    for (stage, error_class, state), number in counted.items():
        states[state] += number
        if state in UNFINISHED:
            groups[stage, error_class] += number
        if state == "retrying":
            under_way[stage, error_class] += number
    largest = sorted(groups.items(), key=lambda item: (-item[1], item[0]))
    return DeadLetters(
        states=dict(states),
        groups=tuple(
            _group(group, number, under_way[group], newest(*group))
            for group, number in largest[:MOST_GROUPS]
        ),
        more=max(0, len(largest) - MOST_GROUPS),
    )


def _group(
    group: tuple[str, str], number: int, under_way: int, newest: Sequence[Letter]
) -> LetterGroup:
    return LetterGroup(
        stage=group[0],
        error_class=group[1],
        letters=number,
        under_way=under_way,
        newest=max((letter.failed_at for letter in newest), default=None),
        reasons=tuple(dict.fromkeys(letter.reason for letter in newest))[:REASONS],
    )


def sources_look(found: Sequence[Overview]) -> SourcesLook:
    """Those that are late, silent or gone; those that are so for longest come first."""
    ill = [each for each in found if each.state.state in TROUBLED]
    ill.sort(key=lambda each: (each.state.since is None, each.state.since, each.source.id))
    return SourcesLook(
        states=counts(found),
        troubled=tuple(
            TroubledSource(
                id=each.source.id,
                name=each.source.name or each.source.id,
                state=each.state.state,
                since=each.state.since,
                reason=each.state.reason,
            )
            for each in ill[:MOST_SOURCES]
        ),
        more=max(0, len(ill) - MOST_SOURCES),
    )


def freshness(hour: Sequence[Tally]) -> Freshness:
    """Of the last hour's tallies: of articles that are new in the index, or newer there."""
    took: Counter[int] = Counter()
    for each in hour:
        if each.stage == INDEX.stage and each.outcome == "stored" and each.within:
            took[each.within] += each.events
    return Freshness(
        articles=took.total(), p50_seconds=quantile(took, 0.5), p95_seconds=quantile(took, 0.95)
    )


def quantile(took: Mapping[int, int], share: float) -> int | None:
    """The least bound (in seconds) that holds for this share of all."""
    bounds = sorted(took)
    sums = list(accumulate(took[bound] for bound in bounds))
    for bound, upto in zip(bounds, sums, strict=True):
        if upto >= share * sums[-1]:
            return bound
    return None


def components(here: Sequence[tuple[str, str]], day: Sequence[Tally]) -> tuple[Component, ...]:
    """``here``: name and version of what this process has; then what ended something lately."""
    lasts = {(each.stage, each.version): each.last for each in day}
    for each in day:
        place = each.stage, each.version
        lasts[place] = max(lasts[place], each.last)
    return (
        *(Component(name=name, version=version, last_seen=None) for name, version in here),
        *(
            Component(name=stage, version=version, last_seen=last)
            for (stage, version), last in sorted(lasts.items())
        ),
    )
