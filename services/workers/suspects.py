"""Which slice a process died of: written down before each runs, so that the next process knows.

A worker's death is seen by the dispatcher that waits for it. Where slices run in the dispatcher's
own process, nobody is left to see it: an event that kills would kill for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from services.bus import Slice
from services.disk import make_private

FREE_DEATHS = 1
"""So often a process may die in the middle of a slice, as by a power cut, before it is suspect."""


class Suspect(msgspec.Struct, frozen=True):
    """The slice that ran when a process died, and how many died of it."""

    part: Slice
    deaths: int


def deaths_of(part: Slice, suspect: Suspect | None) -> int:
    """How many deaths a slice is to be blamed for before it runs again.

    One that holds more than the suspect slice gets one, which has it cut in two; so does the
    suspect itself, unless it is a single event. Parts of it are innocent so far.
    """
    if suspect is None or suspect.deaths <= FREE_DEATHS or not _overlap(part, suspect.part):
        return 0
    if part == suspect.part and len(part) == 1:
        return suspect.deaths
    return int(part.first <= suspect.part.first and suspect.part.last <= part.last)


def running(part: Slice, suspect: Suspect | None) -> Suspect | None:
    """What is to be suspected if the process dies of ``part`` now."""
    if suspect is None or suspect.part.last < part.first:
        return Suspect(part, 1) if len(part) else None
    if not _overlap(part, suspect.part):
        return suspect
    inside = len(part) < len(suspect.part)
    return Suspect(part, suspect.deaths if inside else suspect.deaths + 1)


def _overlap(one: Slice, other: Slice) -> bool:
    return len(one) > 0 and one.first <= other.last and other.first <= one.last


class Suspects:
    """A small file for each stage and partition, in the home folder.

    What cannot be written is not remembered: a full disk stops no slice.
    """

    def __init__(self, folder: Path, stage: str) -> None:
        self._folder, self._stage = folder, stage

    def of(self, part: Slice) -> Suspect | None:
        """The suspect slice of its partition."""
        with suppress(OSError, msgspec.DecodeError):
            return msgspec.json.decode(self._path(part).read_bytes(), type=Suspect)
        return None

    @contextmanager
    def during(self, part: Slice) -> Iterator[None]:
        """Suspect a slice for as long as it runs, and afterwards who was suspect before it."""
        suspect = self.of(part)
        ahead = suspect is not None and part.last < suspect.part.last
        self._note(part, running(part, suspect))
        try:
            yield
        finally:
            self._note(part, suspect if ahead else None)

    def _note(self, part: Slice, suspect: Suspect | None) -> None:
        path = self._path(part)
        with suppress(OSError):
            if suspect is None:
                path.unlink(missing_ok=True)
                return
            make_private(path.parent)
            path.write_bytes(msgspec.json.encode(suspect))

    def _path(self, part: Slice) -> Path:
        return self._folder / f"{self._stage}-{part.topic}-{part.partition}.json"
