"""Looks at everything at once; what is away or slow is told, and the rest is shown all the same."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from services.bus import Bus, Lag
from services.dead.reading import catch_up
from services.disk import room
from services.doctor import rules
from services.errors import TryLater, UserError
from services.look import Held, Look
from services.operations.parts import UNFINISHED, components, dead_letters, freshness, sources_look
from services.operations.report import DeadLetters, Disk, Missing, Operations
from services.operations.retry import Retried, retry_group, unfinished
from services.operations.stages import DAY, FIVE, SIXTY, Done, queues, stage_rows
from services.sources.overview import Overview, overviews
from services.stages.flow import lags
from services.store import Store
from services.store.letters import Letter, Wanted
from services.store.tallies import Part, Waits

FIRST_SECONDS, THEN_SECONDS = 3.0, 1.0
"""How long all looks together may take, and those that come after them."""
NEWEST = 20
"""Letters of a group whose reasons are looked at."""
MOST_SAID = 300
SILENT = "no answer in time"
WAIT = "load this page again in a moment; if it stays so, `beatwire doctor` says more"

log = logging.getLogger(__name__)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What a lookout looks at: how to open the log, and the store; what this process has."""

    open_bus: Callable[[], Bus]
    """May raise TryLater."""
    store: Callable[[], Store]
    """May raise TryLater; threads may share what it gives."""
    home: Path | None = None
    components: Sequence[tuple[str, str]] = ()
    """Name and version."""


class _Counted(msgspec.Struct, frozen=True):
    done: Done
    waits: Mapping[Part, Waits]


class _Asked[T]:
    """A look that has begun."""

    def __init__(self, look: Look[T]) -> None:
        self.look, self.answer = look, look.begin()


class _Began(NamedTuple):
    lags: _Asked[dict[str, list[Lag]]]
    read: _Asked[int]
    counted: _Asked[_Counted]
    sources: _Asked[list[Overview]]
    disk: _Asked[Disk | None]


class _Answers:
    """What came of looks in time, and what did not."""

    def __init__(self) -> None:
        self.missing: list[Missing] = []

    def take[T](self, part: str, asked: "_Asked[T]", left_out: str = "") -> T | None:
        """The answer; None, and a word about it, when there is none. ``left_out`` is added."""
        if asked.answer.done():
            error = asked.answer.exception()
        elif isinstance(asked.look.failed, TryLater):
            error = asked.look.failed  # What is away is slow to say so: it said it before.
        else:
            self._say(part, SILENT, WAIT, left_out)
            return None
        match error:
            case None:
                return asked.answer.result()
            case TryLater():
                self._say(part, str(error), rules.AWAY, left_out)
            case UserError():
                self._say(part, str(error), "", left_out)
            case _:
                log.error("looking at %s", part, exc_info=error)
                told = f"internal error: {type(error).__name__}"
                self._say(part, told, "the log of this process has more", left_out)
        return None

    def _say(self, part: str, reason: str, remedy: str, left_out: str = "") -> None:
        text = "; ".join(filter(None, (" ".join(reason.split())[:MOST_SAID], left_out)))
        self.missing.append(Missing(part=part, reason=text, remedy=remedy))


class Lookout:
    """``look`` may be called from several threads at once."""

    def __init__(
        self, place: Place, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._place, self._now = place, now
        self._for_lags, self._for_letters = Held(place.open_bus), Held(place.open_bus)
        self._lags = Look(lambda: self._for_lags.ask(lags))
        self._read = Look(lambda: self._for_letters.ask(lambda bus: catch_up(bus, place.store())))
        self._counted = Look(self._count)
        self._sources = Look(self._overviews)
        self._letters = Look(self._find_letters)
        self._disk = Look(self._look_at_disk)

    def look(self) -> Operations:
        """All parts as they are now; takes no longer than ``FIRST_SECONDS`` and ``THEN_SECONDS``.

        Letters that came to the log are noted in the store on the way (``services.dead``).
        """
        began = _Began(
            lags=_Asked(self._lags),
            read=_Asked(self._read),
            counted=_Asked(self._counted),
            sources=_Asked(self._sources),
            disk=_Asked(self._disk),
        )
        answers: list[Future[Any]] = [each.answer for each in began]
        wait(answers, FIRST_SECONDS)
        letters = _Asked(self._letters)
        wait([letters.answer], THEN_SECONDS)
        return self._told(began, letters)

    def unfinished(self, stage: str, error_class: str) -> int:
        """See ``retry.unfinished``. Raises TryLater."""
        return unfinished(self._place.store(), stage, error_class)

    def retry(self, stage: str, error_class: str, *, by: str) -> Retried:
        """See ``retry_group``; on a log of its own, which holds up no look."""
        with self._place.open_bus() as bus:
            return retry_group(
                bus,
                self._place.store(),
                stage=stage,
                error_class=error_class,
                by=by,
                now=self._now,
            )

    def close(self) -> None:
        """Close what is open and not in use."""
        for held in (self._for_lags, self._for_letters):
            held.close()

    def __enter__(self) -> "Lookout":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _told(self, began: "_Began", letters: "_Asked[DeadLetters]") -> Operations:
        answers, now = _Answers(), self._now()
        found = answers.take(
            "log",
            began.lags,
            "what waits for the stages is not known, nor are dead letters of late",
        )
        counted = answers.take("store", began.counted, "what was done of late is not known")
        known = answers.take("dead letters", letters)
        if known is not None and found is not None:
            answers.take("dead letters", began.read, "those of late may be missing here")
        overview = answers.take("sources", began.sources)
        done = counted.done if counted else None
        return Operations(
            looked_at=now,
            stages=stage_rows(queues(found, counted.waits if counted else None), done, now),
            dead_letters=known,
            sources=None if overview is None else sources_look(overview),
            freshness=freshness(done.sixty) if done else None,
            components=components(self._place.components, done.day if done else ()),
            disk=answers.take("disk", began.disk),
            missing=tuple(answers.missing),
        )

    def _count(self) -> _Counted:
        store, now = self._place.store(), self._now()
        five, sixty, day = (store.tallies(now - span) for span in (FIVE, SIXTY, DAY))
        return _Counted(Done(five, sixty, day), store.waits(now))

    def _overviews(self) -> list[Overview]:
        return overviews(self._place.store(), self._now())

    def _find_letters(self) -> DeadLetters:
        store = self._place.store()

        def newest(stage: str, error_class: str) -> list[Letter]:
            wanted = Wanted(states=UNFINISHED, stage=stage, error_class=error_class)
            return store.letters(wanted, limit=NEWEST)

        return dead_letters(store.count_letters(), newest)

    def _look_at_disk(self) -> Disk | None:
        if self._place.home is None:
            return None
        free, total = room(self._place.home)
        found = rules.disk(str(self._place.home), free, total)
        return Disk(
            free_bytes=free,
            total_bytes=total,
            state=found.state,
            says=found.says,
            remedy=found.remedy,
        )
