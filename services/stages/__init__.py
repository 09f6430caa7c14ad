"""What is done with an event: the stages, and the runner that brings it to its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import msgspec

from processors.layout import PageRead
from services.bus import Event

Outcome = Literal[
    "read",
    "not-article",
    "too-short",
    "other-language",
    "opted-out",
    "stored",
    "unchanged",
    "superseded",
    "alerted",
    "no-alert",
    "remembered",
    "rejected",
]


class Born(NamedTuple):
    """Since when an article could be known, for the figures of how fresh the index is."""

    fetched: datetime
    published: datetime | None
    """None where it tells nothing."""


class Result(msgspec.Struct, frozen=True):
    """How one event ended in a stage, and what goes on from it."""

    outcome: Outcome
    reason: str = ""
    outputs: tuple[Event, ...] = ()
    read: PageRead | None = None
    """Of a page: what reading gave of it, for its source's statistics."""
    born: Born | None = None
    """Of an article that was put into the index."""


class Stage(Protocol):
    """One step of an event's way; what it needs was given to it when it was made."""

    def handle(self, events: Sequence[Event]) -> list[Result]:
        """One result for each event, in order. Handling an event again gives the same result.

        Raises TryLater when a server is away, Reject when (one of) the events can never pass;
        the runner finds out which. Anything else is a bug in the stage.
        """
        ...

    def close(self) -> None:
        """Release what the stage holds open."""
