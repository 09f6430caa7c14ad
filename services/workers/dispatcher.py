"""The dispatcher: polls slices of one stage, has them run, commits what is done.

Its bounded window of slices in hand is the back-pressure: while it is full, nothing is polled. Of
one partition only one slice runs at a time, so that events of one key keep their order. Whether
a slice runs in this process or on a worker far away is not known here: see ``Hands``.

A dispatcher of live news may have one of history behind it, in the same loop: that one is given
a turn only when there was nothing to do for the live one.
"""

import logging
import random
import threading
from collections import deque
from collections.abc import Callable, Sequence
from time import monotonic

from services.bus import Bus, Lag, Slice
from services.errors import TryLater, UserError
from services.metrics import STAGE_LAST_PROGRESS
from services.stages.flow import STALL_SECONDS, Step, drained
from services.workers.ends import Died, Done, End, Job, Later, Lost, Patience, after_death
from services.workers.hands import LOOK_SECONDS, Hands
from services.workers.watchdog import Progress

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.2
WATCH_SECONDS = 10.0
SETTLE_SECONDS = 20.0
"""How long slices that are out may still end after the signal to stop."""


class Stalled(UserError):
    """There is work, and nobody gets to it: the process ends, and its supervisor starts it anew."""

    exit_code = 69  # EX_UNAVAILABLE of sysexits.h


class Lane:
    """What is in hand of one partition, in its order; only the first is ever out."""

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.ticket: str | None = None
        self.patience = Patience()
        self.not_before = 0.0

    def ready(self, now: float) -> bool:
        return self.ticket is None and now >= self.not_before


class Dispatcher:
    """One member of one stage's consumer group."""

    def __init__(
        self,
        step: Step,
        bus: Bus,
        hands: Hands,
        *,
        window: int = 1,
        bury: Callable[[Slice, str, int], None],
        chance: Callable[[], float] = random.random,
        behind: "Dispatcher | None" = None,
        beat: Callable[[], None] = lambda: None,
        saw: Callable[[str, Sequence[Lag]], None] = lambda _, __: None,
    ) -> None:
        """``bury`` brings the one event of a slice to the dead letters: slice, reason, deaths.

        ``beat`` is told of every turn of the loop, ``saw`` how far the stage is behind.
        """
        self._beat, self._saw = beat, saw
        self._behind = behind
        self._step = step
        self._named = {"stage": step.stage}
        self._bus = bus
        self._hands = hands
        self._window = window
        self._bury = bury
        self._chance = chance
        self._lanes: dict[int, Lane] = {}
        self._ended: list[tuple[str, End]] = []
        self._patience = Patience()
        self._progress = Progress()
        self._watch_at = 0.0
        self._spent = 0.0
        """Seconds that slices took which ran here."""

    def run(self, stop: threading.Event, *, drain: bool = False) -> None:
        """Work until ``stop`` is set or, with ``drain``, until nothing is left for this stage.

        Nor for the one behind it. Raises Stalled when a partition with work does not move for
        ``STALL_SECONDS``.
        """
        both = (self, self._behind) if self._behind else (self,)
        while not stop.is_set():
            self._beat()
            try:
                moved = 0
                for each in both:
                    moved += each._turn(idle=not moved)
                if not moved and drain and all(each._is_drained() for each in both):
                    return
            except TryLater as reason:
                stop.wait(self._later(reason))
                continue
            self._patience = Patience()
            if not moved:
                out = any(each._is_out() for each in both)
                stop.wait(LOOK_SECONDS if out else IDLE_SECONDS)
        for each in both:
            each._settle()

    def _turn(self, *, idle: bool) -> int:
        """Look after what is out and, when nobody before it has work, take more; what moved."""
        moved = self._land()
        if idle:
            moved += self._take() + self._launch()
        else:
            self._progress = Progress()  # It stands still for a reason.
        self._watch(idle=idle)
        return moved

    def _take(self) -> int:
        """Poll for as much as the window has room for.

        Of each partition one slice: a second one would wait for the first, and the window would
        fill with those of the busiest partition while what comes to the others has no room. What
        runs here, one slice at a time, stays short, for this loop waits for it.
        """
        room = self._window - sum(len(lane.jobs) for lane in self._lanes.values())
        if room <= 0:
            return 0
        step = self._step
        parts = self._bus.poll(
            step.stage,
            step.takes.name,
            most=step.slice_events,
            slices=room,
            evenly=self._window > 1,
        )
        for part in parts:
            self._lanes.setdefault(part.partition, Lane()).jobs.append(Job(part))
        return len(parts)

    def _launch(self) -> int:
        now = monotonic()
        ready = [lane for lane in self._lanes.values() if lane.ready(now)]
        for lane in ready:
            lane.ticket = self._hands.send(lane.jobs[0].part)
        if ready:
            self._spent += monotonic() - now
        return len(ready)

    def _land(self) -> int:
        self._ended += self._hands.look()
        landed = len(self._ended)
        lanes = {lane.ticket: lane for lane in self._lanes.values() if lane.ticket}
        while self._ended:
            # An end leaves the list only when all was done about it: a bus that is away now is
            # asked again.
            ticket, end = self._ended[0]
            self._end(lanes[ticket], end)
            lanes[ticket].ticket = None
            del self._ended[0]
        self._lanes = {at: lane for at, lane in self._lanes.items() if lane.jobs}
        return landed

    def _end(self, lane: Lane, end: End) -> None:
        job = lane.jobs[0]
        match end:
            case Done() if job.is_probe:
                lane.jobs.popleft()
            case Done():
                self._finish(lane)
            case Later(reason) | Lost(reason):
                self._put_off(lane, f"waiting with {job.part}: {reason}")
            case Died(reason):
                parts = after_death(job)
                if parts[0].hopeless:
                    self._bury(job.part, reason, parts[0].deaths)
                    self._finish(lane)
                    return
                lane.jobs.popleft()
                lane.jobs.extendleft(reversed(parts))
                self._put_off(lane, f"a worker died of {job.part}: {reason}")

    def _put_off(self, lane: Lane, what: str) -> None:
        wait = lane.patience.seconds(self._chance)
        lane.patience, lane.not_before = lane.patience.tried(), monotonic() + wait
        log.warning("goes on in %.1f s, %s", wait, what, extra=self._named)

    def _finish(self, lane: Lane) -> None:
        self._bus.commit(self._step.stage, lane.jobs[0].part)
        STAGE_LAST_PROGRESS.labels(self._step.stage).set_to_current_time()
        lane.jobs.popleft()
        lane.patience, lane.not_before = Patience(), 0.0

    def _is_out(self) -> bool:
        return any(lane.ticket for lane in self._lanes.values())

    def _is_drained(self) -> bool:
        return not self._lanes and drained(self._bus, self._step.stage)

    def _watch(self, *, idle: bool) -> None:
        """Look from time to time whether all partitions move.

        Those in hand, here or elsewhere, do not count: their slices have time limits of their
        own. Nor does anything while a server is away, for then nothing can move, nor the time in
        which this process had a slice of another one to work on.
        """
        now = monotonic()
        if now < self._watch_at:
            return
        self._watch_at = now + WATCH_SECONDS
        lags = self._bus.lag(self._step.stage, self._step.takes.name)
        self._saw(self._step.stage, lags)
        if not idle:
            return
        waits = any(lane.not_before for lane in self._lanes.values())
        waiting = self._bus.open_to(self._step.stage, self._step.takes.name) - self._lanes.keys()
        others = [lag for lag in lags if lag.partition in waiting]
        free = now - self._spent
        self._progress = Progress() if waits else self._progress.after(others, free)
        # What did not move between two looks has stood still since before the first of them.
        if stalled := self._progress.stalled(free, STALL_SECONDS - WATCH_SECONDS):
            places = ", ".join(f"{topic}/{partition}" for topic, partition in stalled)
            raise Stalled(
                f"stage {self._step.stage}: {places} did not move for {STALL_SECONDS:.0f} s "
                "although there is work; starting anew"
            )

    def _later(self, reason: TryLater) -> float:
        wait = self._patience.seconds(self._chance)
        self._patience = self._patience.tried()
        log.warning("waits %.1f s: %s", wait, reason, extra=self._named)
        return wait

    def _settle(self) -> None:
        """Commit what still ends in time; the rest is handed out again, to any member."""
        deadline = monotonic() + SETTLE_SECONDS
        pause = threading.Event()
        try:
            self._land()
            recalled = set(self._hands.recall())
            for lane in self._lanes.values():
                lane.ticket = None if lane.ticket in recalled else lane.ticket
            while self._is_out() and monotonic() < deadline:
                if not self._land():
                    pause.wait(LOOK_SECONDS)
        except TryLater as reason:
            log.warning("leaves slices open: %s", reason, extra=self._named)
