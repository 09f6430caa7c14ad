"""Puts the events of letters on their topics once more, each once, whoever is killed when.

What is about to be done is noted first, with the ends that the topic had then. Who comes after a
killed one looks beyond those ends for what was put there already. Should a slow one be taken for
dead all the same, an event comes twice, which the stages take as once.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import batched

import msgspec

from services.bus import Bus, Event, Slice
from services.dead.reading import READER, catch_up, event_of
from services.errors import UserError
from services.store.letters import OPEN, Letter, Letters, LetterState, Wanted

BATCH = 50
UNDER_WAY: tuple[LetterState, ...] = ("retrying",)
TAKE_OVER = timedelta(seconds=10)
"""A retry that has not got on for so long is taken for dead."""


class Retried(msgspec.Struct, frozen=True):
    """What came of a retry."""

    retried: int
    """Letters whose event is on its topic again."""
    gone: tuple[str, ...] = ()
    """Letters whose event is no longer in the log."""


class Retry:
    """One run, for the letters of a state of ``instead`` that fit."""

    def __init__(
        self,
        bus: Bus,
        store: Letters,
        *,
        by: str,
        now: Callable[[], datetime],
        tell: Callable[[int], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``tell`` is given how many letters are done; ``by`` is noted with each."""
        self._bus, self._store = bus, store
        self._by, self._now, self._sleep, self._tell = by, now, sleep, tell
        self._done = 0
        self._gone: list[str] = []

    def run(self, wanted: Wanted, *, limit: int, instead: Sequence[LetterState] = OPEN) -> Retried:
        """Retry up to ``limit`` letters, the oldest first, after what a killed run left open.

        Raises TryLater when the log or the store is away; the same call then goes on.
        """
        catch_up(self._bus, self._store)
        self._finish_left(wanted)
        found = chosen(self._store, wanted, limit=limit, states=instead)
        for batch in batched(found, BATCH):
            self._begin(batch, instead)
        return Retried(self._done, tuple(self._gone))

    def _finish_left(self, wanted: Wanted) -> None:
        """Bring to an end what somebody began, once it seems that nobody does."""
        waited = False
        while left := self._store.letters(_in(wanted, UNDER_WAY), limit=BATCH):
            mine = self._mark(left, "retrying", UNDER_WAY, stale=self._now() - TAKE_OVER)
            if mine:
                sent = self._sent(mine)
                self._send([letter for letter in mine if letter.id not in sent])
                self._end(mine)
            elif waited:
                return  # Somebody is at it, and lives.
            else:
                self._sleep(TAKE_OVER.total_seconds() + 0.1)
                waited = True

    def _begin(self, batch: Sequence[Letter], instead: Sequence[LetterState]) -> None:
        for topic in sorted({letter.topic for letter in batch}):
            ours = [letter for letter in batch if letter.topic == topic]
            ends = {lag.partition: lag.end for lag in self._bus.lag(READER, topic)}
            mine = self._store.mark_letters(
                [letter.id for letter in ours],
                "retrying",
                now=self._now(),
                by=self._by,
                ends=ends,
                instead=instead,
            )
            self._send(mine)
            self._end(mine)

    def _send(self, letters: Sequence[Letter]) -> None:
        for topic in sorted({letter.topic for letter in letters}):
            events = [
                event
                for letter in letters
                if letter.topic == topic and (event := self._event(letter)) is not None
            ]
            self._bus.publish(topic, events)

    def _event(self, letter: Letter) -> Event | None:
        try:
            return event_of(self._bus, letter)
        except UserError as error:
            self._gone.append(letter.id)
            self._store.mark_letters(
                [letter.id],
                "dropped",
                now=self._now(),
                by=self._by,
                note=str(error),
                instead=UNDER_WAY,
            )
            return None

    def _sent(self, letters: Sequence[Letter]) -> set[str]:
        """Those whose event came to its topic after the note that it would be put there."""
        found = set[str]()
        for topic in {letter.topic for letter in letters}:
            ours = [letter for letter in letters if letter.topic == topic]
            for lag in self._bus.lag(READER, topic):
                start = min(letter.ends.get(lag.partition, 0) for letter in ours)
                for first in range(start, lag.end, BATCH):
                    last = min(first + BATCH, lag.end) - 1
                    part = Slice(topic, lag.partition, first, last)
                    came = {each.event.id: each.offset for each in self._bus.read(part)}
                    found |= {
                        letter.id
                        for letter in ours
                        if came.get(letter.event_id, -1) >= letter.ends.get(lag.partition, 0)
                    }
        return found

    def _end(self, letters: Sequence[Letter]) -> None:
        self._done += len(self._mark(letters, "retried", UNDER_WAY))
        self._tell(self._done)

    def _mark(
        self,
        letters: Sequence[Letter],
        state: LetterState,
        instead: Sequence[LetterState],
        stale: datetime | None = None,
    ) -> list[Letter]:
        ids = [letter.id for letter in letters]
        return self._store.mark_letters(
            ids, state, now=self._now(), by=self._by, instead=instead, stale=stale
        )


def chosen(
    store: Letters, wanted: Wanted, *, limit: int, states: Sequence[LetterState]
) -> list[Letter]:
    """The letters that fit, the oldest first, of them up to ``limit``."""
    found: list[Letter] = []
    before = None
    while page := store.letters(_in(wanted, states), limit=BATCH, before=before):
        found += page
        before = page[-1].at
    return found[::-1][:limit]


def _in(wanted: Wanted, states: Sequence[LetterState]) -> Wanted:
    return msgspec.structs.replace(wanted, states=tuple(states))
