"""What a member of a group has in hand of its partitions.

Pure bookkeeping on the ``ledger``: what the server says goes in, slices and positions come out.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.bus.ledger import Ledger, Open, finish, free, give, share, take_back

ME = 1
"""The one member of the ledgers here: each partition is one member's alone."""


class Skipped(NamedTuple):
    """A run of offsets that the log dropped before the group came to them."""

    partition: int
    first: int
    last: int


class Anew(NamedTuple):
    """A log that ends before the group's position: another one, or one that lost its end."""

    partition: int
    position: int
    end: int


class Hand:
    """The partitions that a member has, each with its ledger once its position is known."""

    def __init__(self) -> None:
        self._ledgers: dict[int, Ledger | None] = {}
        self._stored: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._turn = 0

    def assign(self, partitions: Iterable[int]) -> None:
        """Have these partitions and no others, each from the position that the group has now.

        What is in hand of a partition that was had before stays so: it is still being worked on.
        """
        self._ledgers = {each: self._ledgers.get(each) for each in partitions}
        self._stored = {}

    @property
    def partitions(self) -> list[int]:
        return sorted(self._ledgers)

    @property
    def unplaced(self) -> list[int]:
        """Partitions whose position has to be asked for."""
        return sorted(self._ledgers.keys() - self._stored.keys())

    def place(self, positions: Mapping[int, int]) -> None:
        """Note the group's positions, as far as it has any."""
        for each in self.unplaced:
            position = positions.get(each)
            known = self._ledgers[each]
            if known is None:
                self._ledgers[each] = None if position is None else Ledger(position)
            elif position is not None:
                self._ledgers[each] = finish(known, known.committed, position - 1)
            self._stored[each] = -1 if position is None else position

    def is_behind(self, ends: Mapping[int, int], *, evenly: bool = False) -> bool:
        """Note where the log ends now; whether there may be something to hand out."""
        self._ends = dict(ends)
        return any(
            ledger is None
            or ledger.committed > ends[each]
            or ledger.may_give(ends[each], ME, evenly=evenly)
            for each, ledger in self._ledgers.items()
        )

    def begin(self, starts: Mapping[int, int]) -> list[Skipped | Anew]:
        """Move to where the log starts; answers what of it the group never had.

        A group without a position starts there, and misses nothing.
        """
        found: list[Skipped | Anew] = []
        for each, start in starts.items():
            known, end = self._ledgers.get(each), self._ends[each]
            if known is None:
                self._ledgers[each] = Ledger(start)
            elif known.committed > end:
                found.append(Anew(each, known.committed, end))
                self._ledgers[each] = Ledger(start)
            elif known.committed < start:
                found += [Skipped(each, *run) for run in free(known, start)]
                self._ledgers[each] = finish(known, known.committed, start - 1)
        return found

    def take(self, most: int, slices: int, *, evenly: bool = False) -> list[tuple[int, int, int]]:
        """Up to so many runs of up to so many events: partition, first, last. See ``share``."""
        placed = [(each, led) for each, led in sorted(self._ledgers.items()) if led is not None]
        gifts = share(
            [Open(ledger, self._ends[each]) for each, ledger in placed],
            me=ME,
            members=1,
            turn=self._turn,
            most=most,
            slices=slices,
            evenly=evenly,
        )
        taken = []
        for at, first, last in gifts:
            each = placed[at][0]
            ledger = self._ledgers[each]
            assert ledger is not None
            self._ledgers[each] = give(ledger, first, last, ME)
            taken.append((each, first, last))
        if gifts:
            self._turn = gifts[-1].place + 1
        return taken

    def finish(self, partition: int, first: int, last: int) -> None:
        """Note a run as done; of a partition that is no longer had, nothing is noted."""
        if (ledger := self._ledgers.get(partition)) is not None:
            last = min(last, self._ends.get(partition, 0) - 1)
            self._ledgers[partition] = finish(ledger, first, last)

    def take_back(self, partition: int, first: int, last: int) -> None:
        if (ledger := self._ledgers.get(partition)) is not None:
            self._ledgers[partition] = take_back(ledger, first, last, ME)

    @property
    def to_store(self) -> dict[int, int]:
        """The positions that the server does not have yet."""
        return {
            each: ledger.committed
            for each, ledger in self._ledgers.items()
            if ledger is not None
            and each in self._stored
            and ledger.committed != max(self._stored[each], 0)
        }

    def stored(self, positions: Mapping[int, int]) -> None:
        self._stored |= positions
