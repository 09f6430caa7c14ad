"""The part of the port ``Store`` about how much was done of late, for who runs Beatwire."""

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

KEPT = timedelta(days=1)
"""Older tallies are removed when a new minute begins to be counted."""
BOUNDS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600, 7200,
          14400, 28800, 43200, 86400)  # fmt: skip
"""Seconds within which something happened, as far as it is told apart; the last one stands for
longer, too."""

Part = Literal["crawl", "deliver"]
"""What is no stage of the log and has its work in the store."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many ended alike since a time."""

    stage: str
    outcome: str
    version: str
    """Of the code that brought them to their end."""
    within: int = 0
    """One of ``BOUNDS``: so many seconds after their page was fetched; 0: not asked."""
    events: int
    last: datetime
    """When the last of them ended."""


class Waits(msgspec.Struct, frozen=True):
    """What waits to be done although its time has come."""

    records: int = 0
    since: datetime | None = None
    """When the first of it became due; None when nothing waits."""


class Tallies(Protocol):
    """What others note by the way: stages at ``finish``, crawlers at ``note_pages`` (``crawl``),
    deliveries at ``end`` (``deliver``), in the same transaction.

    It is work that is counted, not events: a slice that is run again, because somebody was
    killed before it was committed, is counted again, in the minute in which it ended again. What is
    counted by outcome and by event is ``outcomes``.
    """

    def tallies(self, since: datetime) -> list[Tally]:
        """Sums from the minute of ``since`` on, and of the last day at most."""

    def waits(self, now: datetime) -> dict[Part, Waits]:
        """Addresses that are to be fetched, and messages that are to be sent.

        Without those that may not be: of paused sources and hosts, to disabled channels.
        """


def within(took: timedelta) -> int:
    """The bound that holds for it; of what is longer than all of them, the last."""
    place = bisect_left(BOUNDS, took.total_seconds())
    return BOUNDS[min(place, len(BOUNDS) - 1)]
