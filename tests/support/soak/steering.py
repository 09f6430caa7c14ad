"""What a soak does from moment to moment: load and faults in step, until all is worked off."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from services.bus import Bus, Lag, oldest
from services.errors import TryLater
from services.stages.flow import LIVE
from tests.support.soak.crew import Crew
from tests.support.soak.harm import Harmer
from tests.support.soak.load import Load
from tests.support.soak.pace import Pace
from tests.support.soak.plan import Fault, ceiling

TICK_SECONDS = 1.0
PATIENCE_SECONDS = 900.0
"""What a fault, and the rest at the end, may take to be worked off."""

Lags = Mapping[str, Sequence[Lag]]
"""Stage to its distance from the end."""


class Steering:
    """Used by one thread."""

    def __init__(
        self,
        load: Load,
        faults: Sequence[Fault],
        *,
        harmer: Harmer,
        members: Crew,
        bus: Bus,
        tell: Callable[[str], None],
    ) -> None:
        self._load, self._faults, self._harmer = load, faults, harmer
        self._crew, self._bus, self._tell = members, bus, tell
        self._pace = Pace()
        self._begun = 0

    def to_the_end(self, stop: threading.Event) -> list[str]:
        """Publish, do harm, and have all worked off; what did not go as planned, in words.

        ``stop`` ends the load and the harm early.
        """
        complaints = []
        try:
            while not stop.is_set() and not self._step():
                stop.wait(TICK_SECONDS)
            if stop.is_set():
                complaints.append(f"ended early, after {self._load.published:,} events")
            self._work_off()
        except (AssertionError, OSError) as error:
            complaints.append(str(error).partition("\n")[0])
        self._harmer.join()
        if left := len(self._faults) - len(self._harmer.windows):
            complaints.append(f"{left} of {len(self._faults)} faults were not done to their end")
        return complaints

    def _step(self) -> bool:
        """What is to be done now; whether all is published, and every fault is over."""
        found = self._lags()
        self._end_fault(found)
        self._begin_fault()
        load, in_hand = self._load, self._harmer.in_hand is not None
        if found is not None:
            most = ceiling(self._faults, self._begun, load.total, in_hand=in_hand)
            if not in_hand:
                self._pace.see(time.monotonic(), sum(lag.committed for lag in found["read"]))
            room = self._pace.most - _records(found["read"])
            load.publish(self._bus, min(room, most - load.published))
        return load.published >= load.total and not in_hand and self._begun == len(self._faults)

    def _begin_fault(self) -> None:
        if self._harmer.in_hand is not None or self._begun == len(self._faults):
            return
        fault = self._faults[self._begun]
        if self._load.published >= fault.at:
            self._begun += 1
            self._tell(f"{self._load.published:,} events: {fault.harm}")
            self._harmer.begin(fault, self._load.published)

    def _end_fault(self, found: Lags | None) -> None:
        if found is None or self._harmer.in_hand is None:
            return
        if window := self._harmer.look(oldest(chain.from_iterable(found.values()))):
            seconds = f"over after {window.seconds:.0f} s"
            self._tell(f"{self._load.published:,} events: {window.harm} {seconds}")
        elif self._harmer.seconds > PATIENCE_SECONDS:
            raise AssertionError(f"{self._harmer.in_hand.harm} was not worked off in time")

    def _work_off(self) -> None:
        self._tell(f"{self._load.published:,} events published; waiting for the last ones")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = self._lags()
            self._end_fault(found)
            idle = found is not None and not any(map(_records, found.values()))
            if idle and self._harmer.in_hand is None:
                return
            if time.monotonic() > deadline:
                raise AssertionError("not everything was worked off in time")
            time.sleep(TICK_SECONDS)

    def _lags(self) -> Lags | None:
        """None while the log is away. Raises AssertionError when the family has fallen."""
        if (code := self._crew.fell()) is not None:
            raise AssertionError(f"beatwire work ended by itself, with {code}")
        try:
            return {step.stage: self._bus.lag(step.stage, step.takes.name) for step in LIVE}
        except TryLater:
            return None


def _records(found: Sequence[Lag]) -> int:
    return sum(lag.records for lag in found)
