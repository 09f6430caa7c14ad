"""What one worker process holds open: ports and stages, each made when it is first needed."""

from datetime import UTC, datetime
from functools import cache, cached_property

from services import bootstrap
from services.bus import Bus, Slice
from services.settings import Settings, load_settings
from services.stages import Stage
from services.stages.flow import STEPS, Step
from services.stages.runner import bury, run_slice
from services.store import Store
from services.workers.deadline import Deadline


class Process:
    """The ports of this process, loaded late: the index stage needs no language model."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stages: dict[str, Stage] = {}

    @cached_property
    def bus(self) -> Bus:
        return bootstrap.open_bus(self._settings)

    @cached_property
    def store(self) -> Store:
        return bootstrap.open_store(self._settings)

    def stage(self, name: str) -> Stage:
        """The stage of a step; live news and history share one reader and one writer."""
        step = STEPS[name]
        if step.work not in self._stages:
            stage = bootstrap.open_stage(step.work, self._settings)
            # The index has limits of its own, and waits for it are no fault of an event.
            self._stages[step.work] = stage if step.gives is None else Deadline(stage)
        return self._stages[step.work]

    def close(self) -> None:
        """Close what was opened; what was not committed goes to other members at once."""
        for name in ("bus", "store"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        for stage in self._stages.values():
            stage.close()
        self._stages.clear()

    def run(self, step: Step, part: Slice) -> dict[str, int]:
        """Run one slice; raises TryLater when it has to wait."""
        stage = self.stage(step.stage)
        return run_slice(step, stage, part, bus=self.bus, store=self.store, now=_now)

    def bury(self, step: Step, part: Slice, reason: str, attempts: int) -> None:
        """Bring a slice of which workers died to the dead letters."""
        bury(step, part, reason, attempts, bus=self.bus, store=self.store, now=_now)


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def process() -> Process:
    """The one of this process."""
    return Process(load_settings())
