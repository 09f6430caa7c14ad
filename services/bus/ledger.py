"""What a group has done on one partition, and who gets what next: arithmetic on offsets alone."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

DONE = 0
"""Stands for a member in a part that is done; members are numbered from 1."""
LONGER = 4
"""Runs that are handed out evenly are a quarter of what waits in their partition, where that is
much, up to four times as long as others. So a partition keeps up to which four times as much comes
as to the others; in `make soak` it is twice as much."""


class Part(NamedTuple):
    """A run of offsets, both ends included, that a member has in hand or that is done."""

    first: int
    last: int
    member: int


class Ledger(NamedTuple):
    """A group's account of one partition.

    Parts are in order, apart, and at or above ``committed``; neighbours that are done are one
    part, and none of them begins at ``committed``. What no part covers may be handed out.
    """

    committed: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def holders(self) -> set[int]:
        """The members that have something in hand."""
        return {part.member for part in self.parts} - {DONE}

    def in_hand(self, member: int) -> int:
        """How many runs a member has in hand."""
        return sum(part.member == member for part in self.parts)

    def may_give(self, end: int, member: int, *, evenly: bool) -> bool:
        """Whether anything below ``end`` is left for a member; ``evenly``: see ``share``."""
        return not (evenly and self.in_hand(member)) and any(free(self, end))


def free(ledger: Ledger, end: int) -> Iterator[tuple[int, int]]:
    """The runs of offsets below ``end`` that are neither in hand nor done."""
    start = ledger.committed
    for part in ledger.parts:
        if start < part.first:
            yield start, part.first - 1
        start = part.last + 1
    if start < end:
        yield start, end - 1


def give(ledger: Ledger, first: int, last: int, member: int) -> Ledger:
    """Put a free run into a member's hand."""
    return ledger._replace(parts=tuple(sorted([*ledger.parts, Part(first, last, member)])))


def take_back(ledger: Ledger, first: int, last: int, member: int) -> Ledger:
    """Free what this member has in hand of a run; what is done or another's stays."""
    kept = _without(ledger.parts, first, last, lambda part: part.member == member)
    return ledger._replace(parts=tuple(kept))


def finish(ledger: Ledger, first: int, last: int) -> Ledger:
    """Note a run as done, whoever has it in hand, and move over the contiguous done part."""
    committed, first = ledger.committed, max(first, ledger.committed)
    if last < first:
        return ledger
    kept: list[Part] = []
    others = _without(ledger.parts, first, last, lambda _: True)
    for part in sorted([*others, Part(first, last, DONE)]):
        before = kept[-1] if kept else None
        if part.member == DONE and part.first == committed:
            committed = part.last + 1
        elif before and (before.member, before.last + 1, part.member) == (DONE, part.first, DONE):
            kept[-1] = before._replace(last=part.last)
        else:
            kept.append(part)
    return Ledger(committed, tuple(kept))


def _without(
    parts: Sequence[Part], first: int, last: int, which: Callable[[Part], bool]
) -> Iterator[Part]:
    for part in parts:
        if not which(part) or part.last < first or part.first > last:
            yield part
            continue
        if part.first < first:
            yield part._replace(last=first - 1)
        if part.last > last:
            yield part._replace(first=last + 1)


class Open(NamedTuple):
    """A partition as the sharing sees it: the group's ledger, and where the log ends."""

    ledger: Ledger
    end: int


class Gift(NamedTuple):
    """A run of offsets for a member, of the partition at this place in the list."""

    place: int
    first: int
    last: int


def share(
    partitions: Sequence[Open],
    *,
    me: int,
    members: int,
    turn: int,
    most: int,
    slices: int,
    evenly: bool = False,
) -> list[Gift]:
    """What member ``me`` gets now, at most ``slices`` runs of at most ``most`` events.

    A partition of which another member has something in hand is that member's, so that events
    of one key are never worked on in two places. Nobody holds more than a fair share of the
    partitions while the group has several members; one that joins gets those that fall idle.
    Partitions with least in hand come first, from ``turn`` on, so that none waits for ever.

    ``evenly``: of a partition nobody has more than one run in hand, and where many events wait it
    is up to ``LONGER`` times as long, so that all partitions come to their end together.
    """
    fair = -(-len(partitions) // members)
    around = sorted(range(len(partitions)), key=lambda place: (place - turn) % len(partitions))
    held = [place for place, each in enumerate(partitions) if me in each.ledger.holders]
    idle = [place for place in around if not partitions[place].ledger.holders]
    wanted = [place for place in idle if any(free(*partitions[place]))]
    usable = {*held[:fair], *wanted[: max(fair - len(held), 0)]}
    queue = []
    for rank, place in enumerate(around):
        ledger, end = partitions[place]
        if place in usable and ledger.may_give(end, me, evenly=evenly):
            length = _long(most, end - ledger.committed) if evenly else most
            runs = islice(_runs(partitions[place], length), 1 if evenly else slices)
            in_hand = ledger.in_hand(me)
            queue += [(nth, rank, Gift(place, *run)) for nth, run in enumerate(runs, in_hand)]
    return [gift for _, _, gift in sorted(queue)[:slices]]


def _long(most: int, waiting: int) -> int:
    """The length of a run of a partition in which so many events wait."""
    return max(most, min(waiting // LONGER, LONGER * most))


def _runs(partition: Open, most: int) -> Iterator[tuple[int, int]]:
    for first, last in free(*partition):
        for start in range(first, last + 1, most):
            yield start, min(start + most - 1, last)
