"""The port ``Bus``: an append-only log of events, read by consumer groups in slices."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, Self

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event; its attributes are those of CloudEvents 1.0 that we use."""

    id: str
    type: str
    """The record's schema tag, such as ``page/1``."""
    key: str
    """Events of one key keep their order: they share a partition."""
    time: datetime
    """When the thing happened (fetched, read), never when it was appended."""
    data: bytes


class Stored(msgspec.Struct, frozen=True):
    """An event at its place in the log."""

    partition: int
    offset: int
    event: Event


class Slice(msgspec.Struct, frozen=True):
    """A run of offsets of one partition, both ends included: the one unit of work."""

    topic: str
    partition: int
    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


class Lag(msgspec.Struct, frozen=True):
    """How far a group is behind on one partition."""

    topic: str
    partition: int
    committed: int
    """The first offset that is not done."""
    end: int
    """The offset that the next event will get."""
    oldest: datetime | None = None
    """Time of the oldest event that is not done; None when there is none."""

    @property
    def records(self) -> int:
        return self.end - self.committed


class Bus(Protocol):
    """An append-only log, partitioned by key, read by groups whose members share the partitions.

    One ``Bus`` object is one member of every group that it polls. It is used by one thread.
    Promises: an event that ``publish`` returned for survives ``kill -9`` of any process; events
    of one key keep their order; each event is handed out again, to any member, until it lies
    below the group's committed offset.
    """

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        """Append all events or none; they are durable when this returns.

        Calling it twice appends twice: readers are idempotent by id.
        Raises TryLater when the log cannot be written now, Reject when an event is too large.
        """

    def poll(self, group: str, topic: str, *, most: int = 32, slices: int = 1) -> list[Slice]:
        """Claim up to ``slices`` slices of up to ``most`` events not yet given to this member.

        Never waits; an empty list means that there is nothing new for this member now. What a
        member was given and did not commit is handed out again once that member is closed or dead.
        """

    def read(self, part: Slice) -> list[Stored]:
        """The events of a slice, in order. Any process may read any slice, as often as it likes."""

    def commit(self, group: str, part: Slice) -> None:
        """Note that a slice is done. The group's position moves over the contiguous done part.

        Committing again, or committing what another member did too, changes nothing.
        """

    def give_back(self, group: str, part: Slice) -> None:
        """Return a slice that was not done, so that a later ``poll`` hands it out again."""

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        """Per partition, the first offset with an event time not before ``time``, or the end."""

    def lag(self, group: str, topic: str) -> list[Lag]:
        """The group's distance to the end, one entry a partition, committed by any member."""

    def close(self) -> None:
        """Leave all groups; what was given and not committed goes to other members at once."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
