"""Up to where the live log is done: only that may be done again behind its back.

What is put once more is history to alerts. An article that comes as history before it came live
would be told to nobody, and one that is indexed live after it was read again would bring the old
reading back. So a run ends where the last live stage has ended.
"""

import time
from collections.abc import Callable

from services.bus import Bus
from services.stages.backlog import patiently, wait_until_done
from services.stages.flow import ALERT, INDEX, READ

LAST = (INDEX, ALERT)
"""The stages that end an article's way."""


class Settled:
    """Looks at how far the live stages are."""

    def __init__(
        self,
        bus: Bus,
        *,
        tell: Callable[[int], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``tell`` is given how many articles are waited for."""
        self._bus, self._tell, self._sleep = bus, tell, sleep

    def look(self, work: str) -> dict[int, int]:
        """Of each partition, up to where its events are done by the stage, or by all of ``LAST``.

        Pages that are read may still have articles that are on their way.
        """
        steps = (READ,) if work == "read" else LAST
        ends: dict[int, int] = {}
        for step in steps:
            for partition, committed in self._committed(step.stage, step.takes.name).items():
                ends[partition] = min(committed, ends.get(partition, committed))
        return ends

    def wait(self, work: str) -> dict[int, int]:
        """The same, once the articles of those pages are at their end too. Raises Waiting."""
        ends = self.look(work)
        if work == "read":
            topic = INDEX.takes.name
            goal = {
                lag.partition: lag.end
                for lag in patiently(lambda: self._bus.lag(INDEX.stage, topic), self._sleep)
            }
            for step in LAST:
                self._wait(step.stage, topic, goal)
        return ends

    def _wait(self, stage: str, topic: str, goal: dict[int, int]) -> None:
        def waiting() -> int:
            done = self._committed(stage, topic)
            return sum(max(0, end - done.get(each, 0)) for each, end in goal.items())

        stuck = (
            f"live articles wait for stage {stage}, and nobody works on them: start `beatwire up` "
            "or `beatwire work --drain`, then give the same command again"
        )
        wait_until_done(waiting, 0, stuck, self._tell, self._sleep)

    def _committed(self, stage: str, topic: str) -> dict[int, int]:
        found = patiently(lambda: self._bus.lag(stage, topic), self._sleep)
        return {lag.partition: lag.committed for lag in found}
