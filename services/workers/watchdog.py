"""Which partitions stand still although there is work: the rule, without a clock.

A dispatcher that polls, beats its heart and gets nothing done looks healthy to everyone else. It
asks this rule from time to time, and ends when the answer is not empty, so that it is started anew.
"""

from collections.abc import Iterable, Mapping
from typing import Self

import msgspec

from services.bus import Lag
from services.stages.flow import STALL_SECONDS

Partition = tuple[str, int]
"""Topic and number."""


class Seen(msgspec.Struct, frozen=True):
    """A position, and since when it has been the same with work waiting."""

    committed: int
    since: float


class Progress(msgspec.Struct, frozen=True):
    """What the looks so far have shown of the partitions that have work waiting."""

    seen: Mapping[Partition, Seen] = {}

    def after(self, lags: Iterable[Lag], now: float) -> Self:
        """With one more look, at ``now`` in seconds of a clock that never goes back.

        A partition without work is forgotten: its time begins when the next work comes. One that
        moves, forward or back (a replay), begins anew. One that is not in ``lags`` is forgotten
        too, so a dispatcher that waits for a server gives none.
        """
        seen: dict[Partition, Seen] = {}
        for lag in lags:
            if lag.records <= 0:
                continue
            place = (lag.topic, lag.partition)
            before = self.seen.get(place)
            same = before is not None and before.committed == lag.committed
            seen[place] = before if before and same else Seen(lag.committed, now)
        return type(self)(seen)

    def stalled(self, now: float, limit: float = STALL_SECONDS) -> list[Partition]:
        """The partitions that have had work and have not moved for ``limit`` seconds, in order."""
        return sorted(place for place, seen in self.seen.items() if now - seen.since >= limit)
