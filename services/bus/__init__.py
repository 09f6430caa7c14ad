"""The port ``Bus``: an append-only log of events, read by consumer groups in slices."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol, Self

import msgspec

BEGINNING = datetime.min.replace(tzinfo=UTC)
"""Before every event: ``Bus.offsets_for`` tells where the log begins now."""


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
    trace: str = ""
    """The W3C ``traceparent`` of what made it; a log may leave it out."""
    labels: tuple[tuple[str, str], ...] = ()
    """Names and values by which other programs tell events apart, as headers of Kafka. They are
    for those alone: a log may leave them out, and none gives them back."""


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

    def __str__(self) -> str:
        """``pages/3 10-19``, as people read it."""
        return f"{self.topic}/{self.partition} {self.first}-{self.last}"


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


def oldest(lags: Iterable[Lag]) -> datetime | None:
    """The time of the oldest event that waits; None when none does."""
    return min((lag.oldest for lag in lags if lag.oldest), default=None)


class Bus(Protocol):
    """An append-only log, partitioned by key, read by groups whose members share the partitions.

    One ``Bus`` object is one member of every group that it polls. It is used by one thread, in the
    process that made it. Promises: an event that ``publish`` returned for survives ``kill -9`` of
    any process; events of one key keep their order; each event is handed out again, to any
    member, until it lies below the group's committed offset.

    Every method raises TryLater, in bounded time, while the log does not answer; the same call
    may then be made again. The logs differ in what one file can promise and a cluster cannot:
    there, several members may for a while work on the same events, because a member that is
    slow or away loses its partitions before it knows. Readers are idempotent by id.
    """

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        """Append all events, in their order; they are durable when this returns.

        Calling it twice appends twice. Raises Reject when an event can never be taken (too large,
        no valid text), and nothing is appended then. After TryLater nothing was appended to the
        one-file log; to Kafka some may have been, and all are to be published again.
        """

    def poll(
        self, group: str, topic: str, *, most: int = 32, slices: int = 1, evenly: bool = False
    ) -> list[Slice]:
        """Claim up to ``slices`` slices of up to ``most`` events not yet given to this member.

        ``evenly``: it has one slice of a partition in hand at a time. Where much waits that one is
        longer, up to ``ledger.LONGER`` times ``most``, so that busy partitions keep up.

        Never waits for events; an empty list means that there is nothing for this member now. On
        Kafka that is so too while a group settles, seconds after a member came or went, so that
        only ``lag`` tells whether all is done. What a member was given and did not commit is
        handed out again once that member is closed or dead, or has lost the partition.
        Events that the log dropped before the group came to them are counted and logged.
        """

    def read(self, part: Slice) -> list[Stored]:
        """The events of a slice, in order. Any process may read any slice, as often as it likes.

        Those that the log no longer has, or does not have yet, are left out.
        """

    def commit(self, group: str, part: Slice) -> None:
        """Note that a slice is done. The group's position moves over the contiguous done part.

        Committing again, or committing what another member did too, changes nothing. A slice of a
        partition that is no longer this member's may be handed out again all the same, and what
        is done beyond a gap may be once its member is gone.
        """

    def give_back(self, group: str, part: Slice) -> None:
        """Return a slice that was not done, so that a later ``poll`` hands it out again."""

    def open_to(self, group: str, topic: str) -> set[int]:
        """The partitions whose events this member may be given; other members' are not in it."""

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        """Per partition, the first offset with an event time not before ``time``, or the end.

        Kafka knows the times of events to the millisecond, and rounds down.
        """

    def lag(self, group: str, topic: str) -> list[Lag]:
        """The group's distance to the end, one entry a partition, committed by any member."""

    def close(self) -> None:
        """Leave all groups; what was given and not committed goes to other members at once.

        It waits neither for events nor for a log that is away.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Log(Bus, Protocol):
    """A ``Bus`` as backups and retention see it: its past can be brought back, or forgotten."""

    def put_back(self, topic: str, stored: Sequence[Stored]) -> None:
        """Append events of another log at the places that they had there, in their order.

        For a log of which nobody else makes use yet. Offsets that are left out hold nothing, or
        an empty event. Raises UserError when the log goes beyond an offset, or has no such
        partition and cannot get it.
        """

    def move_to(self, group: str, topic: str, positions: Mapping[int, int]) -> None:
        """Give a group without members its position on partitions, whatever it was."""

    def forget(self, topic: str, before: Mapping[int, int]) -> int:
        """Drop the events of each partition below an offset; how many offsets went.

        All other events keep their offsets. What the log does not have yet stays to come.
        """
