"""The trace of each event of a slice: a span from its reading to its outcome."""

from collections.abc import Iterable, Sequence

import msgspec

from services import tracing
from services.bus import Slice, Stored
from services.stages import Result
from services.stages.flow import Step
from services.tracing import Span

Place = tuple[int, int]
"""Partition and offset."""


class Traced:
    """The spans of a slice's events, each part of its event's own trace; nothing while off."""

    def __init__(self, step: Step, part: Slice, events: Sequence[Stored]) -> None:
        self._spans: dict[Place, Span] = {}
        if not tracing.is_on():
            return
        run = (tracing.current(),)
        for stored in events:
            named = {"event": stored.event.id, "slice": str(part)}
            span = tracing.begin(step.stage, stored.event.trace, run, **named)
            self._spans[stored.partition, stored.offset] = span

    def carried_on(self, stored: Stored, result: Result) -> Result:
        """The result with outputs that carry the trace of the event which they came from."""
        span = self._spans.get((stored.partition, stored.offset))
        if span is None or not result.outputs:
            return result
        trace = span.traceparent
        outputs = tuple(msgspec.structs.replace(each, trace=trace) for each in result.outputs)
        return msgspec.structs.replace(result, outputs=outputs)

    def end(self, ended: Iterable[tuple[Stored, Result]]) -> None:
        """Each span ends with its event's outcome; one that has none is never sent."""
        for stored, result in ended:
            if span := self._spans.get((stored.partition, stored.offset)):
                span.end(
                    outcome=result.outcome, **({"reason": result.reason} if result.reason else {})
                )
