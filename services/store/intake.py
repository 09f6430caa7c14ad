"""The part of the port ``Store`` about what comes in other ways than by looking at sources."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from processors.records import Article
from services.store.people import Silent

SubscriptionState = Literal["wanted", "asked", "active", "denied", "ending"]
"""wanted   its hub is to be asked
asked    the hub took the request and has not confirmed it yet
active   the hub confirmed it, until ``until``
denied   the hub will not; asked again much later
ending   the hub is to be told that nobody listens any more
"""


class Subscription(Silent, frozen=True, kw_only=True):
    """That a hub is to tell us when a source has something new (WebSub)."""

    source: str
    """Id of the source: it has one hub."""
    topic: str
    """The address that the feed calls its own."""
    hub: str
    token: str
    """Secret part of the address that the hub calls."""
    secret: str
    """What the hub signs with."""
    state: SubscriptionState = "wanted"
    reason: str = ""
    """Why it was denied or could not be asked, in words."""
    asked_at: datetime | None = None
    tries: int = 0
    """Requests in vain since the last that was taken."""
    until: datetime | None = None
    """The end of the lease."""
    heard_at: datetime | None = None
    """When the hub last told of something new."""


class Intake(Protocol):
    """Each method is one transaction."""

    def remember(self, articles: Sequence[Article]) -> None:
        """Note articles of history for alerts: their claims are known, and nobody is told.

        Their claims come before all that was decided on, in the order of their times. Of an article
        that was decided on at this fetch or a later one, nothing changes. Of one that is first
        known from history, a later fetch is told only for a claim that it did not make before.
        """

    def imported(self, file: str) -> int:
        """How many records of a file are in the log; 0 for one that is not known."""

    def note_imported(self, file: str, records: int, now: datetime) -> None:
        """Note how many records of a file are in the log."""

    def subscriptions(self) -> list[Subscription]:
        """All, by source."""

    def subscription(self, token: str) -> Subscription | None:
        """The one that a hub calls with this token."""

    def put_subscription(self, subscription: Subscription) -> None:
        """Add or replace by source."""

    def remove_subscription(self, source: str) -> bool:
        """False when there is none."""
