"""Traps: files in a folder that tell a process at which point it is to die.

The test sets a trap, processes that pass the point look for it. So they are started once and are
killed when their turn comes, in the middle of the load, and nobody has to be started armed.
"""

import os
import signal
from pathlib import Path
from typing import NoReturn

import msgspec

from services.bus import Slice

STRIKES = "strikes"
KILLER = "killer"


class Trap(msgspec.Struct, frozen=True):
    """What is to happen at a point."""

    nth: int = 1
    """Which pass, counted over all processes, is the last."""
    whole: bool = False
    """Kill the victim's whole process group, as when its machine loses power."""


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

    def set(self, point: str, trap: Trap) -> None:
        """Have the next process that comes to this point, as the trap says, die there."""
        self._sprung(point).unlink(missing_ok=True)
        self._passes(point).unlink(missing_ok=True)
        whole = self._folder / f"{point}.new"
        whole.write_bytes(msgspec.json.encode(trap))
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
        """Die here when a trap says so.

        A slice that was struck before is spared: an event of which workers die again and again
        counts as one that kills, and goes to the dead letters.
        """
        trap = self.wanted(point, part)
        if trap is not None:
            self.strike(point, part, whole=trap.whole)

    def wanted(self, point: str, part: Slice | None) -> Trap | None:
        """The trap of a point that is to strike now; it strikes nobody else then."""
        try:
            trap = msgspec.json.decode((self._folder / point).read_bytes(), type=Trap)
        except FileNotFoundError:
            return None
        if part is not None and any(_overlap(part, each.part) for each in self.strikes()):
            return None
        with self._passes(point).open("ab") as passes:
            passes.write(b".")
        if self._passes(point).stat().st_size < trap.nth:
            return None
        try:
            (self._folder / point).rename(self._sprung(point))
        except FileNotFoundError:
            return None  # Another process was quicker.
        with (self._folder / STRIKES).open("ab") as strikes:
            strikes.write(msgspec.json.encode(Strike(point, os.getpid(), part)) + b"\n")
        return trap

    def strike(self, point: str, part: Slice | None, *, whole: bool) -> NoReturn:
        """End this process, or its whole group, with no chance to tidy up."""
        if whole:
            os.killpg(0, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(f"alive after the kill at {point} of {part}")

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
