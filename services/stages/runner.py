"""Runs a stage on a slice, so that every event ends in exactly one named outcome.

The runner alone writes and counts outcomes. Its order is what makes a crash harmless: output
first, then the outcome, and only then (by the dispatcher) the commit; what is done twice is the
same twice.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from processors.records import DeadLetter, encode
from services import metrics
from services.bus import Bus, Event, Slice, Stored
from services.dead.labels import labels_of
from services.errors import Reject, TryLater, UserError
from services.logs import bound
from services.stages import Result, Stage
from services.stages.flow import HISTORY, INDEX, Step
from services.stages.traced import Traced
from services.store import Store
from services.store.port import Finished
from services.topics import DEAD
from services.version import VERSION

ATTEMPTS = 3
"""How often an event that hits a bug is tried before it goes to the dead letters."""

log = logging.getLogger(__name__)

Verdict = tuple[Stored, Result | Exception]


class WorkerDied(Reject):
    """The process that worked on the event was killed, each time that it was tried."""

    def __init__(self, reason: str, attempts: int) -> None:
        super().__init__(reason)
        self.attempts = attempts


def run_slice(
    step: Step,
    stage: Stage,
    part: Slice,
    *,
    bus: Bus,
    store: Store,
    now: Callable[[], datetime],
) -> dict[str, int]:
    """Bring every event of a slice to its end; the count of each outcome.

    Raises TryLater, with nothing noted, when the stage or a port asks to wait.
    """
    began = time.monotonic()
    try:
        with bound(stage=step.stage, slice=str(part)):
            events = bus.read(part)
            traced = Traced(step, part, events)
            verdicts = [
                (stored, traced.carried_on(stored, found) if isinstance(found, Result) else found)
                for stored, found in handled(stage, events)
            ]
            ended = _end(step, part, verdicts, bus=bus, store=store, now=now)
            traced.end(ended)
    except TryLater:
        metrics.STAGE_WAITS.labels(step.stage).inc()
        raise
    metrics.STAGE_DURATION.labels(step.stage).observe(time.monotonic() - began)
    return dict(Counter(result.outcome for _, result in ended))


def bury(
    step: Step,
    part: Slice,
    reason: str,
    attempts: int,
    *,
    bus: Bus,
    store: Store,
    now: Callable[[], datetime],
) -> None:
    """Bring the events of a slice to the dead letters, unread: workers died of them."""
    died = WorkerDied(reason, attempts)
    verdicts: list[Verdict] = [(stored, died) for stored in bus.read(part)]
    _end(step, part, verdicts, bus=bus, store=store, now=now)


def _end(
    step: Step,
    part: Slice,
    verdicts: Sequence[Verdict],
    *,
    bus: Bus,
    store: Store,
    now: Callable[[], datetime],
) -> list[tuple[Stored, Result]]:
    """Output, dead letters, outcomes, and last the counters, which say what the outcomes say."""
    ended: list[tuple[Stored, Result]] = []
    failed: list[tuple[Stored, Exception]] = []
    for stored, verdict in _give(step, verdicts, bus):
        if isinstance(verdict, Result):
            ended.append((stored, verdict))
        else:
            ended.append((stored, Result("rejected", _reason(verdict))))
            failed.append((stored, verdict))
    letters = [_letter(step, part, stored, error, now()) for stored, error in failed]
    bus.publish(DEAD.name, [_as_event(letter) for letter in letters])
    store.finish(
        [_finished(step, part, stored, result, now()) for stored, result in ended],
        # How history looks tells nothing of how a source looks now.
        [result.read for _, result in ended if result.read and step not in HISTORY],
    )
    counts = Counter[str](result.outcome for _, result in ended)
    for outcome, number in counts.items():
        metrics.STAGE_PROCESSED.labels(step.stage, outcome).inc(number)
    if step not in HISTORY:
        _count_freshness([result for _, result in ended], now())
    for stored, error in failed:
        metrics.DEAD_LETTERS.labels(step.stage, metrics.class_label(error)).inc()
        log.warning("dead letter: %s", _reason(error), extra={"event": stored.event.id})
    metrics.STAGE_LAST_PROGRESS.labels(step.stage).set(now().timestamp())
    for stored, result in ended:
        log.info("ended: %s", result.outcome, extra=_fields(stored, result))
    return ended


def _count_freshness(results: Sequence[Result], now: datetime) -> None:
    """How long it took until articles that are new could be found."""
    for result in results:
        if result.born is None or result.outcome != "stored":
            continue
        fetched, published = result.born
        metrics.FETCH_TO_INDEX.observe(max(0.0, (now - fetched).total_seconds()))
        if published is not None:
            metrics.PUBLISH_TO_INDEX.observe(max(0.0, (now - published).total_seconds()))


def _fields(stored: Stored, result: Result) -> dict[str, str]:
    """What a machine looks for in the line of an event's end."""
    fields = {"event": stored.event.id, "outcome": result.outcome}
    return fields | ({"reason": result.reason} if result.reason else {})


def _give(step: Step, verdicts: Sequence[Verdict], bus: Bus) -> Sequence[Verdict]:
    """Publish the outputs; what the log refuses, such as one too large, is refused here too."""
    if step.gives is None:
        return verdicts
    topic = step.gives.name
    try:
        bus.publish(topic, [each for _, verdict in verdicts for each in _outputs(verdict)])
    except Reject:
        return [_give_one(topic, stored, verdict, bus) for stored, verdict in verdicts]
    return verdicts


def _give_one(topic: str, stored: Stored, verdict: Result | Exception, bus: Bus) -> Verdict:
    try:
        bus.publish(topic, list(_outputs(verdict)))
    except Reject as refused:
        return stored, refused
    return stored, verdict


def _outputs(verdict: Result | Exception) -> Sequence[Event]:
    return verdict.outputs if isinstance(verdict, Result) else ()


def _ask(stage: Stage, events: Sequence[Event]) -> list[Result]:
    """The stage's results; what a person has to mend makes the events wait."""
    try:
        return stage.handle(events)
    except UserError as error:
        raise TryLater(str(error)) from error


def handled(stage: Stage, events: Sequence[Stored]) -> list[Verdict]:
    """What a stage makes of each event, with nothing noted. Raises TryLater.

    All at once; when that fails, each half alone, down to the one event that fails.
    """
    if not events:
        return []
    try:
        results = _ask(stage, [stored.event for stored in events])
        return list(zip(events, results, strict=True))
    except TryLater:
        raise
    except Exception as error:
        if len(events) == 1:
            return [(events[0], _again(stage, events[0], error))]
        middle = len(events) // 2
        return handled(stage, events[:middle]) + handled(stage, events[middle:])


def _again(stage: Stage, stored: Stored, error: Exception) -> Result | Exception:
    """A bug may be a matter of the moment, a ``Reject`` never is."""
    for _ in range(ATTEMPTS - 1):
        if isinstance(error, Reject):
            break
        try:
            return _ask(stage, [stored.event])[0]
        except TryLater:
            raise
        except Exception as latest:
            error = latest
    return error


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:500]
    return text if isinstance(error, Reject) else f"{type(error).__name__}: {text}"


def _attempts(error: Exception) -> int:
    if isinstance(error, WorkerDied):
        return error.attempts
    return 1 if isinstance(error, Reject) else ATTEMPTS


def _letter(step: Step, part: Slice, stored: Stored, error: Exception, now: datetime) -> DeadLetter:
    return DeadLetter(
        stage=step.stage,
        topic=part.topic,
        partition=stored.partition,
        offset=stored.offset,
        key=stored.event.key,
        event_id=stored.event.id,
        error_class=type(error).__name__,
        reason=_reason(error),
        attempts=_attempts(error),
        failed_at=now,
        code_version=VERSION,
        data=stored.event.data,
    )


def _as_event(letter: DeadLetter) -> Event:
    return Event(
        id=f"{letter.topic}-{letter.partition}-{letter.offset}",
        type="dead-letter/1",
        key=letter.stage,
        time=letter.failed_at,
        data=encode(letter),
        labels=labels_of(letter),
    )


def _finished(step: Step, part: Slice, stored: Stored, result: Result, now: datetime) -> Finished:
    return Finished(
        stage=step.stage,
        topic=part.topic,
        partition=stored.partition,
        offset=stored.offset,
        event_id=stored.event.id,
        outcome=result.outcome,
        reason=result.reason,
        at=now,
        # What can be searched is what anybody waits for; history waits for nobody.
        fetched=stored.event.time if step is INDEX else None,
    )
