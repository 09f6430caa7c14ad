"""What ``beatwire status`` says: taken from the ports, rendered for people."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import msgspec

from processors.layout import Health
from services.bus import Bus, oldest
from services.errors import UserError
from services.index import Index, Stats
from services.stages.flow import HISTORY, STEPS, lags
from services.store import Store
from services.words import counted


class StageStatus(msgspec.Struct, frozen=True):
    """How far a stage is, and how its events ended."""

    stage: str
    waiting: int
    oldest: datetime | None
    outcomes: dict[str, int]


class Status(msgspec.Struct, frozen=True):
    index: Stats | None
    sources: int
    fetched: dict[str, int]
    """Outcome of the last look at every address, to count; what was discovered is their sum."""
    fetched_by_source: dict[str, dict[str, int]]
    """The same of each source, or of the host of what was crawled without one."""
    stages: tuple[StageStatus, ...]
    broken: tuple[Health, ...] = ()
    """Sources whose pages are no longer read as they were."""
    index_refuses: str = ""
    """Why the index cannot be read, as one of another version, until it is rebuilt."""


def take_status(bus: Bus, store: Store, open_index: Callable[[], Index]) -> Status:
    """Read everything once. Raises TryLater when a server is away."""
    stats, refuses = None, ""
    try:
        with open_index() as index:
            stats = index.stats()
    except UserError as reason:
        refuses = str(reason)
    outcomes = store.outcomes()
    by_source = store.source_outcomes()
    fetched = dict(sum((Counter(ends) for ends in by_source.values()), Counter[str]()))
    return Status(
        index=stats,
        index_refuses=refuses,
        sources=len(store.sources()),
        fetched=fetched,
        fetched_by_source=by_source,
        stages=tuple(
            StageStatus(
                stage=stage,
                waiting=sum(lag.records for lag in found),
                oldest=oldest(found),
                outcomes=outcomes.get(stage, {}),
            )
            for stage, found in lags(bus).items()
        ),
        broken=tuple(each for each in store.extraction_health().values() if each.breakages),
    )


def render_status(status: Status) -> str:
    """A few lines; an empty installation is told what to try."""
    index = status.index
    waiting = any(stage.waiting for stage in status.stages)
    if not (status.fetched or (index and index.articles) or waiting or status.index_refuses):
        if status.sources:
            known = counted(status.sources, "source")
            return f"{known}, and nothing fetched yet. Try: beatwire up\n"
        return "Nothing here yet. Try: beatwire demo, or: beatwire crawl URL, then: beatwire work\n"
    lines = [
        f"index   {_index(index) if index else f'cannot be read: {status.index_refuses}'}",
        f"crawl   {counted(status.sources, 'source')}; "
        f"{counted(sum(status.fetched.values()), 'address', 'addresses')} discovered: "
        f"{_counts(status.fetched)}",
    ]
    shown = [
        each
        for each in status.stages
        if each.waiting or each.outcomes or STEPS[each.stage] not in HISTORY
    ]
    width = max((len(each.stage) for each in shown), default=0)
    for stage in shown:
        since = f" (oldest of {stage.oldest:%Y-%m-%d %H:%M:%S %Z})" if stage.oldest else ""
        name = stage.stage.ljust(max(width, 7))
        lines.append(f"{name} {stage.waiting} waiting{since}; ended: {_counts(stage.outcomes)}")
    lines += [_broken(health) for health in status.broken]
    return "\n".join(lines) + "\n"


def _index(stats: Stats) -> str:
    newest = f", newest fetched {stats.newest:%Y-%m-%d %H:%M:%S %Z}" if stats.newest else ""
    return (
        f"{counted(stats.articles, 'article')}, {counted(stats.claims, 'claim')}, "
        f"{counted(stats.revisions, 'older revision')}{newest}"
    )


def _broken(health: Health) -> str:
    told = "; ".join(breakage.says for breakage in health.breakages)
    since = min(breakage.since for breakage in health.breakages)
    return (
        f"broken  {health.source}, since {since:%Y-%m-%d %H:%M:%S %Z}: {told}. "
        "Its layout may have changed: see docs/extraction.md"
    )


def render_ends(ends: dict[str, dict[str, int]], left: int = 0) -> str:
    """One line: how many events ended how in each stage, and how many still wait."""
    told = [f"{stage}: {_counts(counts)}" for stage, counts in ends.items() if counts]
    if left:
        told.append(f"stopped with {left} still waiting")
    return "; ".join(told) or "nothing was left to do"


def _counts(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {name}" for name, count in ordered) or "none"
