"""Traps: files in a folder that tell a process at which point it is to die.

The test sets a trap, processes that pass the point look for it. So they are started once and are
killed when their turn comes, in the middle of the load, and nobody has to be started armed.
"""

import os
import signal
from pathlib import Path

import msgspec

from services.bus import Slice

STRIKES = "strikes"
KILLER = "killer"
DELIVERY = {
    "taken": "a message is taken, nothing is written of it",
    "frozen": "the bytes of a message are noted, nothing is sent",
    "posted": "the receiver has said 204, nothing is noted",
}
"""Points of the process that delivers."""
WHOLE = "+all"
"""After a point's name: the victim's whole process group dies, as when its machine loses power."""


class Strike(msgspec.Struct, frozen=True):
    """A kill that happened."""

    point: str
    pid: int
    part: Slice | None
    """What the victim worked on."""


class Traps:
    """The folder, for the test and for its victims."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    # The test's side

    def set(self, point: str, nth: int = 1) -> None:
        """Have the process die that is the nth to come to this point, over all processes."""
        self._sprung(point).unlink(missing_ok=True)
        self._passes(point).unlink(missing_ok=True)
        whole = self._folder / f"{point}.new"
        whole.write_text(str(nth))
        whole.rename(self._folder / point)

    def is_sprung(self, point: str) -> bool:
        return self._sprung(point).exists()

    def clear(self, point: str) -> None:
        (self._folder / point).unlink(missing_ok=True)

    def passes(self, point: str) -> int:
        """How often somebody came by while this trap was set."""
        try:
            return self._passes(point).stat().st_size
        except FileNotFoundError:
            return 0

    def strikes(self) -> list[Strike]:
        """All kills so far, in their order."""
        try:
            lines = (self._folder / STRIKES).read_bytes().splitlines()
        except FileNotFoundError:
            return []
        return [msgspec.json.decode(line, type=Strike) for line in lines]

    def kill_for(self, words: str) -> None:
        """Have every process die that reads a text with these words, each time."""
        (self._folder / KILLER).write_text(words)

    # The victims' side

    def pass_by(self, point: str, part: Slice | None = None) -> None:
        """Die here when a trap says so, with no chance to tidy up."""
        if self.is_struck(point, part):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.is_struck(point + WHOLE, part):
            os.killpg(0, signal.SIGKILL)

    def is_struck(self, point: str, part: Slice | None) -> bool:
        """Whether this process is to die here now; nobody else dies of the same trap.

        A slice that was struck before is spared: an event of which workers die again and again
        counts as one that kills, and goes to the dead letters.
        """
        try:
            nth = int((self._folder / point).read_text())
        except FileNotFoundError:
            return False
        if part is not None and any(_overlap(part, each.part) for each in self.strikes()):
            return False
        with self._passes(point).open("ab") as passes:
            passes.write(b".")
        if self._passes(point).stat().st_size < nth:
            return False
        claim = self._folder / f"{point}.claimed"
        try:
            (self._folder / point).rename(claim)
        except FileNotFoundError:
            return False  # Another process was quicker.
        with (self._folder / STRIKES).open("ab") as strikes:
            strikes.write(msgspec.json.encode(Strike(point, os.getpid(), part)) + b"\n")
        claim.rename(self._sprung(point))
        return True

    def die_for(self, text: str) -> None:
        """Die of a text with the words that kill."""
        try:
            words = (self._folder / KILLER).read_text()
        except FileNotFoundError:
            return
        if words in text:
            os.kill(os.getpid(), signal.SIGKILL)

    def _sprung(self, point: str) -> Path:
        return self._folder / f"{point}.sprung"

    def _passes(self, point: str) -> Path:
        return self._folder / f"{point}.passes"


def _overlap(one: Slice, other: Slice | None) -> bool:
    return (
        other is not None
        and (one.topic, one.partition) == (other.topic, other.partition)
        and one.first <= other.last
        and other.first <= one.last
    )
