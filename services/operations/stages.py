"""How each stage is: from what waits and what was done, without a clock or a server."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from services.bus import Lag, oldest
from services.operations.report import StageRow, StageState
from services.sources.states import span_words
from services.stages.flow import HISTORY, LIVE, STALL_SECONDS
from services.store.tallies import Part, Tally, Waits
from services.words import counted

CRAWL, DELIVER = "crawl", "deliver"
STAGES = (CRAWL, *(step.stage for step in LIVE), DELIVER, *(step.stage for step in HISTORY))
LIVE_OF = {step.history.stage: step.stage for step in LIVE if step.history}
"""History waits while there is something live to do for the same process."""
FIVE, SIXTY, DAY = timedelta(minutes=5), timedelta(minutes=60), timedelta(days=1)
_STALL = timedelta(seconds=STALL_SECONDS)
_UNITS = {CRAWL: ("address", "addresses"), DELIVER: ("message", "messages")}
_WORK = (
    "see that `beatwire up` runs, or `beatwire work` with its workers; where it runs, its log says "
    "what it waits for, and `beatwire doctor` looks at everything"
)
_REMEDIES = {
    CRAWL: "see that `beatwire up` runs, or on servers `python -m crawlers --every 600`; where it "
    "runs, its log says what it waits for",
    DELIVER: "see that `beatwire up` runs, or on servers `beatwire deliver`; e-mails also wait "
    "until BEATWIRE_SMTP and BEATWIRE_MAIL_FROM are set",
}


class Done(msgspec.Struct, frozen=True):
    """What was brought to its end in the last five minutes, hour and day."""

    five: Sequence[Tally]
    sixty: Sequence[Tally]
    day: Sequence[Tally]


class Queue(msgspec.Struct, frozen=True):
    """What waits for a stage, and since when the oldest of it does."""

    records: int
    oldest: datetime | None


def queues(
    lags: Mapping[str, Sequence[Lag]] | None, waits: Mapping[Part, Waits] | None
) -> dict[str, Queue]:
    """Of the stages that are known: those of the log by its lags, the others by the store."""
    found = {
        stage: Queue(sum(lag.records for lag in each), oldest(each))
        for stage, each in (lags or {}).items()
    }
    return found | {stage: Queue(each.records, each.since) for stage, each in (waits or {}).items()}


def stage_rows(
    waiting: Mapping[str, Queue], done: Done | None, now: datetime
) -> tuple[StageRow, ...]:
    """A row for every stage; what is not in ``waiting`` or ``done`` is not known."""
    return tuple(_row(stage, waiting, done, now) for stage in STAGES)


def _row(stage: str, waiting: Mapping[str, Queue], done: Done | None, now: datetime) -> StageRow:
    here = waiting.get(stage)
    last = _last(stage, done.day) if done else None
    live = waiting.get(LIVE_OF.get(stage, ""))
    state = _state(here, last, now, known=done is not None, behind=bool(live and live.records))
    since = here.oldest if here and here.records else None
    return StageRow(
        stage=stage,
        waiting=here.records if here else None,
        lag_seconds=max(0.0, (now - since).total_seconds()) if since else None,
        rate_5m=_rate(stage, done.five, FIVE, now) if done else None,
        rate_60m=_rate(stage, done.sixty, SIXTY, now) if done else None,
        outcomes=_outcomes(stage, done.day) if done else None,
        last_progress=last,
        state=state,
        says=_words(stage, state, here, last, now),
        remedy=_REMEDIES.get(stage, _WORK) if state == "stands" else "",
    )


def _state(
    here: Queue | None, last: datetime | None, now: datetime, *, known: bool, behind: bool
) -> StageState:
    """``known``: whether ``last`` is; ``behind``: live news, which comes first, waits too."""
    if here is None:
        return "unknown"
    if not here.records:
        return "idle"
    if last is not None and now - last < _STALL:
        return "works"
    # What came a moment ago has had no turn yet; a time far ahead is that of a wrong clock.
    fresh = here.oldest is not None and abs(now - here.oldest) < _STALL
    return "waits" if fresh or behind or not known else "stands"


def _words(
    stage: str, state: StageState, here: Queue | None, last: datetime | None, now: datetime
) -> str:
    if here is None:
        return "how much waits is not known"
    if not here.records:
        return "nothing waits"
    says = f"{counted(here.records, *_UNITS.get(stage, ('event', 'events')))} wait"
    says += "s" if here.records == 1 else ""
    if here.oldest and stage not in LIVE_OF:
        says += f", the oldest for {_span(now - here.oldest)}"
    if state == "stands":
        ended = f"for {_span(now - last)}" if last else "in the last day"
        return f"{says}; nothing came to its end {ended}"
    return f"{says} behind live news" if state == "waits" and stage in LIVE_OF else says


def _span(gap: timedelta) -> str:
    return span_words(gap.total_seconds())


def _of(stage: str, tallies: Sequence[Tally]) -> list[Tally]:
    return [each for each in tallies if each.stage == stage]


def _last(stage: str, day: Sequence[Tally]) -> datetime | None:
    return max((each.last for each in _of(stage, day)), default=None)


def _rate(stage: str, tallies: Sequence[Tally], span: timedelta, now: datetime) -> float:
    """A minute is counted whole, so they are of the begun minute before the span, too."""
    minutes = span / timedelta(minutes=1) + (now.timestamp() % 60) / 60
    return round(sum(each.events for each in _of(stage, tallies)) / minutes, 2)


def _outcomes(stage: str, day: Sequence[Tally]) -> dict[str, int]:
    """The most frequent first."""
    found: dict[str, int] = {}
    for each in _of(stage, day):
        found[each.outcome] = found.get(each.outcome, 0) + each.events
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
