"""Puts events that were done once on the log once more, each once, whoever is killed when.

What is about to be put is noted first, with the ends that the topic had then. Who comes after a
killed run looks beyond those ends for what was put there already, and goes on. Should two be at
it at the same time, one ends; an event that came twice by that the stages take as once.
"""

import math
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import blake2b

import msgspec

from services.bus import Bus, Event, Slice
from services.errors import UserError
from services.replay.settled import Settled
from services.stages.backlog import Backlog, Waiting, patiently
from services.stages.flow import READ, STEPS, Step
from services.store.replays import Replay, Replays

BATCH = 32
"""Events that are read, noted and put at once."""


class Progress(msgspec.Struct, frozen=True):
    """How far it is: events looked at, put; or how many wait to be worked on while it waits."""

    done: int
    of: int
    published: int
    waiting: int = 0


class Found(msgspec.Struct):
    """What a run would put."""

    events: int = 0
    sources: dict[str, int] = {}
    bytes: int = 0
    """Of the events as they are; the log keeps them packed."""
    oldest: datetime | None = None
    newest: datetime | None = None


class _Labelled(msgspec.Struct):
    """As much of a record as says whose it is."""

    source: str = ""


class Reprocess:
    """Runs; ``tell`` is called now and then."""

    def __init__(
        self,
        bus: Bus,
        store: Replays,
        *,
        now: Callable[[], datetime],
        rate: float = 0,
        room: Callable[[], str] = lambda: "",
        tell: Callable[[Progress], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``rate``: events a second at most; 0: as fast as they are worked on."""
        self._bus, self._store = bus, store
        self._now, self._rate, self._room = now, rate, room
        self._tell, self._sleep = tell, sleep
        self._batch = min(BATCH, math.ceil(rate)) if rate else BATCH

    def find(self, wanted: Replay) -> Found:
        """Look at all that a run would put; nothing is changed, and nobody is waited for."""
        found = Found(sources={})
        replay = self._bounded(wanted, Settled(self._bus).look(wanted.work))
        while replay.limit is None or found.events < replay.limit:
            if (part := self._next_part(replay)) is None:
                break
            left = None if replay.limit is None else replay.limit - found.events
            for event, source in self._fitting(replay, part, left):
                _count(found, event, source)
            replay = _passed(replay, part)
            self._tell(_progress(replay, found.events))
        return found

    def begin(self, wanted: Replay) -> Replay:
        """The run of this command that was stopped, or else a new one, up to what is done by now.

        Raises Waiting when the stages do not bring what is live to its end.
        """
        there = patiently(lambda: self._store.replay_run(wanted.id), self._sleep)
        if there is not None and there.state == "running":
            return there
        settled = Settled(self._bus, tell=self._say_waiting, sleep=self._sleep)
        replay = self._bounded(wanted, settled.wait(wanted.work))
        turn = 1 if there is None else there.turn + 1
        return self._put(msgspec.structs.replace(replay, turn=turn))

    def run(self, replay: Replay) -> Replay:
        """Go on with a run to its end; how it ended.

        Raises Waiting when nobody works on what was put, no room is left, or another process goes
        on with this run; TryLater when the log or the store is away. The same call then goes on.
        """
        backlog = Backlog(
            self._bus,
            taker(replay),
            again="give the same command again",
            room=self._room,
            tell=self._say_waiting,
            sleep=self._sleep,
        )
        while (part := self._next_part(replay)) and not _is_full(replay):
            replay = self._do(replay, part, backlog)
            self._tell(_progress(replay, replay.published))
        return self._note(replay, state="done")

    def _do(self, replay: Replay, part: Slice, backlog: Backlog) -> Replay:
        left = None if replay.limit is None else replay.limit - replay.published
        events = [event for event, _ in self._fitting(replay, part, left)]
        if not events:
            passed = _passed(replay, part)
            # What was under way when a run died may be gone from the log by now.
            return self._note(passed, before={}, last=0) if replay.before else passed
        began = time.monotonic()
        backlog.admit(len(events))
        topic = taker(replay).takes.name
        if replay.before:
            there = self._came(topic, replay.before)
            missing = [event for event in events if event.id not in there]
        else:
            replay = self._note(replay, before=self._ends(topic), last=part.last)
            missing = events
        patiently(lambda: self._bus.publish(topic, missing), self._sleep)
        passed = _passed(replay, part)
        ended = self._note(passed, before={}, last=0, published=replay.published + len(events))
        if self._rate:
            spent = time.monotonic() - began
            self._sleep(max(0.0, len(events) / self._rate - spent))
        return ended

    def _bounded(self, wanted: Replay, ends: dict[int, int]) -> Replay:
        topic = STEPS[wanted.work].takes.name
        starts = patiently(lambda: self._bus.offsets_for(topic, wanted.since), self._sleep)
        return msgspec.structs.replace(wanted, next=starts, ends=ends)

    def _next_part(self, replay: Replay) -> Slice | None:
        """The part that is under way, or else the next one."""
        topic = STEPS[replay.work].takes.name
        for partition, end in sorted(replay.ends.items()):
            first = replay.next.get(partition, 0)
            if first < end:
                last = replay.last if replay.before else min(first + self._batch, end) - 1
                return Slice(topic, partition, first, last)
        return None

    def _fitting(
        self, replay: Replay, part: Slice, most: int | None
    ) -> Iterator[tuple[Event, str]]:
        """The events that the run wants, each once, with the sources that they name."""
        seen = set[str]()
        for stored in patiently(lambda: self._bus.read(part), self._sleep):
            if most is not None and len(seen) >= most:
                return
            event = stored.event
            if _in_time(replay, event.time) and event.id not in seen:
                source = source_of(event)
                if source is not None and replay.source in ("", source):
                    seen.add(event.id)
                    yield event, source

    def _came(self, topic: str, before: dict[int, int]) -> set[str]:
        """What was put on a topic beyond these ends."""
        found = set[str]()
        for partition, end in patiently(lambda: self._ends(topic), self._sleep).items():
            for first in range(before.get(partition, 0), end, BATCH):
                part = Slice(topic, partition, first, min(first + BATCH, end) - 1)
                found |= {each.event.id for each in self._bus.read(part)}
        return found

    def _ends(self, topic: str) -> dict[int, int]:
        return {lag.partition: lag.end for lag in self._bus.lag(READ.stage, topic)}

    def _note(self, replay: Replay, **changes: object) -> Replay:
        return self._put(msgspec.structs.replace(replay, turn=replay.turn + 1, **changes))

    def _put(self, replay: Replay) -> Replay:
        replay = msgspec.structs.replace(replay, changed_at=self._now())
        if not patiently(lambda: self._store.put_replay(replay), self._sleep):
            raise Waiting(
                "another process goes on with this run; wait for its end, or stop it and give the "
                "same command again"
            )
        return replay

    def _say_waiting(self, waiting: int) -> None:
        self._tell(Progress(0, 0, 0, waiting))


def taker(replay: Replay) -> Step:
    """Who works on what the run puts: in silence the stages of history, else those of the live."""
    step = STEPS[replay.work]
    if replay.notify:
        return step
    if step.history is None:
        raise UserError(f"{step.stage} has no way for history")
    return step.history


def run_id(asked: str) -> str:
    """The id of the run that this command begins or goes on with."""
    return blake2b(asked.encode("utf-8", "replace"), digest_size=8).hexdigest()


def source_of(event: Event) -> str | None:
    """The source that a record names; None of what is no record, which stays a dead letter."""
    try:
        return msgspec.json.decode(event.data, type=_Labelled).source
    except (ValueError, RecursionError):
        return None


def _in_time(replay: Replay, time: datetime) -> bool:
    return replay.since <= time and (replay.until is None or time < replay.until)


def _passed(replay: Replay, part: Slice) -> Replay:
    return msgspec.structs.replace(replay, next={**replay.next, part.partition: part.last + 1})


def _is_full(replay: Replay) -> bool:
    return replay.limit is not None and replay.published >= replay.limit


def _progress(replay: Replay, published: int) -> Progress:
    left = sum(max(0, end - replay.next.get(each, 0)) for each, end in replay.ends.items())
    of = sum(replay.ends.values())
    return Progress(of - left, of, published)


def _count(found: Found, event: Event, source: str) -> None:
    found.events += 1
    found.bytes += len(event.data)
    found.sources[source] = found.sources.get(source, 0) + 1
    found.oldest = min(found.oldest or event.time, event.time)
    found.newest = max(found.newest or event.time, event.time)
