"""What ``beatwire status`` says: taken from the ports, rendered for people."""

from datetime import datetime

import msgspec

from services.bus import Bus
from services.index import Index, Stats
from services.stages.flow import lags
from services.store import Store
from services.words import counted


class StageStatus(msgspec.Struct, frozen=True):
    """How far a stage is, and how its events ended."""

    stage: str
    waiting: int
    oldest: datetime | None
    outcomes: dict[str, int]


class Status(msgspec.Struct, frozen=True):
    index: Stats
    sources: int
    fetched: dict[str, int]
    """Outcome of the last look at every address, to count."""
    stages: tuple[StageStatus, ...]


def take_status(bus: Bus, store: Store, index: Index) -> Status:
    """Read everything once."""
    outcomes = store.outcomes()
    return Status(
        index=index.stats(),
        sources=len(store.sources()),
        fetched=store.fetch_outcomes(),
        stages=tuple(
            StageStatus(
                stage=stage,
                waiting=sum(lag.records for lag in found),
                oldest=min((lag.oldest for lag in found if lag.oldest), default=None),
                outcomes=outcomes.get(stage, {}),
            )
            for stage, found in lags(bus).items()
        ),
    )


def render_status(status: Status) -> str:
    """A few lines; an empty installation is told what to try."""
    index = status.index
    if not status.fetched and not index.articles:
        return "Nothing here yet. Try: beatwire demo, or: beatwire crawl URL, then: beatwire work\n"
    newest = f", newest fetched {index.newest:%Y-%m-%d %H:%M:%S %Z}" if index.newest else ""
    lines = [
        f"index   {counted(index.articles, 'article')}, {counted(index.claims, 'claim')}, "
        f"{counted(index.revisions, 'older revision')}{newest}",
        f"crawl   {counted(status.sources, 'source')}; addresses: {_counts(status.fetched)}",
    ]
    for stage in status.stages:
        since = f" (oldest of {stage.oldest:%Y-%m-%d %H:%M:%S %Z})" if stage.oldest else ""
        lines.append(
            f"{stage.stage:<7} {stage.waiting} waiting{since}; ended: {_counts(stage.outcomes)}"
        )
    return "\n".join(lines) + "\n"


def render_ends(ends: dict[str, dict[str, int]], left: int = 0) -> str:
    """One line: how many events ended how in each stage, and how many still wait."""
    told = [f"{stage}: {_counts(counts)}" for stage, counts in ends.items() if counts]
    if left:
        told.append(f"stopped with {left} still waiting")
    return "; ".join(told) or "nothing was left to do"


def _counts(counts: dict[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {name}" for name, count in ordered) or "none"
