"""How the run of a slice ended, and what is done next: rules without a broker, a bus or a clock."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from services.bus import Slice

FIRST_WAIT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0
DEATHS = 3
"""How often a worker may die of one event before it goes to the dead letters."""


class Done(msgspec.Struct, frozen=True):
    """Every event of the slice has its outcome."""


class Later(msgspec.Struct, frozen=True):
    """A port asked to wait."""

    reason: str


class Died(msgspec.Struct, frozen=True):
    """The worker was killed, or ran out of time, in the middle."""

    reason: str


class Lost(msgspec.Struct, frozen=True):
    """Nobody ever took the slice, or the broker forgot it: it is simply sent again."""

    reason: str


End = Done | Later | Died | Lost


class Job(msgspec.Struct, frozen=True):
    """A slice, or a part of one, that has to be run."""

    part: Slice
    deaths: int = 0

    @property
    def is_probe(self) -> bool:
        """Whether it holds nothing, and only shows that workers can run the stage at all."""
        return len(self.part) == 0

    @property
    def hopeless(self) -> bool:
        """Whether it is one event of which too many workers died."""
        return len(self.part) == 1 and self.deaths >= DEATHS


def after_death(job: Job) -> tuple[Job, ...]:
    """Each half alone, down to the one event that kills, whose last try has a probe before it.

    Workers that cannot even run an empty slice die of something else, such as too little memory for
    the model, and then no event is to blame.
    """
    topic, partition, first, last = msgspec.structs.astuple(job.part)
    if job.is_probe:
        return (job,)
    if len(job.part) == 1:
        again = Job(job.part, job.deaths + 1)
        probe = Job(Slice(topic, partition, first, first - 1))
        return (probe, again) if again.deaths == DEATHS - 1 else (again,)
    middle = (first + last) // 2
    return (
        Job(Slice(topic, partition, first, middle)),
        Job(Slice(topic, partition, middle + 1, last)),
    )


class Patience(NamedTuple):
    """How long to wait after a failure: twice as long each time, with jitter, up to a limit."""

    failures: int = 0

    def seconds(self, chance: Callable[[], float]) -> float:
        """``chance`` gives numbers from 0 to 1, so that many that wait do not return as one."""
        longest = min(FIRST_WAIT_SECONDS * 2.0 ** min(self.failures, 10), LONGEST_WAIT_SECONDS)
        return longest * (0.5 + chance() / 2)

    def tried(self) -> "Patience":
        return Patience(self.failures + 1)
