"""The port ``Shelf``: the index that is searched, and what stands beside it.

A *side* index is made while the live one is searched and written; it takes its place when it is
whole. The *previous* one was live before, and may take its place back.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, Protocol, Self

import msgspec

from services.index import WholeIndex

Place = Literal["live", "side", "previous"]
Catch = Callable[[WholeIndex], object]
"""Puts into an index what came since it was last filled."""


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """What an index beside the live one is made of, and up to where."""

    of: Literal["articles", "pages"]
    """Articles of the log as they were read, or its pages, read again."""
    begun_at: datetime
    made_by: dict[str, str] = {}
    """Of pages: the components that read them again, and their versions."""
    next: dict[str, dict[int, int]] = {}
    """Topic to partition to the first offset that is not in it."""
    turn: int | None = None
    """Up to where it follows the changes of stories."""
    outcomes: dict[str, int] = {}
    whole: bool = False
    """Whether it once had all that the log had."""


class Shelf(Protocol):
    """Whatever process is killed when, the live index is whole, and it is the old or the new one.

    Methods raise LockedError while another process writes what they change, TryLater while a
    server is away, UserError when there is nothing in the place that they name.
    """

    def check(self) -> None:
        """Raise LockedError now if the live index could not be replaced now."""

    def note(self, place: Place) -> Note | None:
        """None: nothing is there, or it was written with other fields than this version's.

        The live one keeps what it is made of, once it was switched to.
        """

    def begin(self, note: Note) -> None:
        """Make an empty side index; one that is there is removed."""

    def keep(self, note: Note) -> None:
        """Replace the note of the side index, once what it says is durable."""

    def open(self, place: Place, *, write: bool = False) -> WholeIndex:
        """Read what was put so far, or go on with it."""

    def switch(self, catch: Catch, before: Callable[[], Note] | None) -> None:
        """The side index becomes the live one, at once for every reader.

        ``before`` makes the note of the one that was live, which becomes the previous one; without
        it, it is removed. ``catch`` is called so that the new live one misses nothing that anybody
        put into the old one; after a kill in between, the same call again brings it to its end.
        """

    def roll_back(self, catch: Catch, before: Callable[[], Note]) -> None:
        """The previous index and the live one change places, as ``switch`` does it."""

    def discard(self, place: Place) -> None:
        """Remove it. The live index stays as it is."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


def missing(place: Place) -> str:
    """What to do when nothing stands in a place."""
    if place == "side":
        return "no index stands beside the live one; make one: beatwire rebuild --read-again"
    return "no previous index is kept; beatwire rebuild --switch keeps the one that was live"
