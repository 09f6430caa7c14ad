"""What is done with an event: the stages, and the runner that brings it to its end."""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from services.bus import Event

Outcome = Literal[
    "read",
    "not-article",
    "too-short",
    "other-language",
    "stored",
    "unchanged",
    "superseded",
    "alerted",
    "no-alert",
    "rejected",
]


class Result(msgspec.Struct, frozen=True):
    """How one event ended in a stage, and what goes on from it."""

    outcome: Outcome
    reason: str = ""
    outputs: tuple[Event, ...] = ()


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
