"""The part of the port ``Store`` that tells what became of one address or one article."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

import msgspec

from services.store.alerting import Message, Noted
from services.store.places import Target


class Finished(msgspec.Struct, frozen=True, kw_only=True):
    """One event's end in one stage."""

    stage: str
    topic: str
    partition: int
    offset: int
    event_id: str
    outcome: str
    reason: str = ""
    at: datetime
    fetched: datetime | None = None
    """When its page was; None where it is not counted how long it took from there."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """An address that waits in the queue."""

    due: datetime
    tries: int
    """How often it failed in a row, in a way that passes."""
    held: bool
    """Whether a crawler has it now."""


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """One address of the frontier, with all that is known of its way to the log."""

    target: Target
    found_at: datetime | None
    """When it was known first; None: before the store noted it."""
    ended_at: datetime | None
    """When the last look at it ended; None: there was none, or before the store noted it."""
    reason: str
    """Why that look ended so; empty where the outcome says it all."""
    event_id: str
    """The last event of topic ``pages`` that came of it; empty: none, or not noted."""
    listings: tuple[str, ...] = ()
    """The feeds, sitemaps and pages that name it now."""
    turn: Turn | None = None
    """None: it is not looked at again unless a listing or a person asks for it."""


class Trails(Protocol):
    """Questions only. An answer has ``limit`` entries at most, the newest where there are more."""

    def ways(self, urls: Collection[str]) -> list[Way]:
        """Those of these canonical addresses that are known, by address."""

    def ways_of_fetch(self, source: str, fetched_at: datetime) -> list[Way]:
        """The addresses of a source whose bytes were last published as of this moment."""

    def ends(self, *, event: str = "", article: str = "", limit: int = 200) -> list[Finished]:
        """How one event, or all events of an article or a page by its id, ended, in their order."""

    def alerts_about(self, article: str, limit: int = 50) -> list[Noted]:
        """The alerts that were made of an article or that it was counted with, as a copy."""

    def messages_with(self, alerts: Collection[str]) -> Mapping[str, list[Message]]:
        """Alert to the messages that bring it, without their bodies; the oldest first."""
