"""The part of the port ``Store`` by which several crawlers share their work without doubling it.

A crawler *holds* what it works on: a source, addresses of the queue, a host. It holds it until it
notes the end or gives it back, or is buried: others watch its beat, each by its own clock, so that
neither a clock that jumps nor two that differ can take away what is being worked on. Each method
is one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from services.store.places import Source, Target
from services.store.watching import SourceState, Watch

SKEW = timedelta(minutes=15)
"""What is stored for later than this many minutes from now was noted by a clock that was wrong,
where it should lie in the past."""


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """What a crawler learnt of a host, for the next one."""

    host: str
    used: datetime | None = None
    """When it was last given back; None: nobody asked it anything so far."""
    slower: float = 0.0
    """Seconds between two requests since it said that we are too fast; 0: it did not."""
    paused_until: datetime | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address that a listing names."""

    target: Target
    since: datetime
    """When it was published, or named first where that is not known."""
    archive: bool = False
    """An old one, which waits until there is nothing new."""
    pattern: str = ""
    """Addresses that differ in numbers, dates and ids alone have one; empty: none is needed."""
    most: int = 200
    """How many new addresses of this pattern are taken in a day."""
    trap: str = ""
    """Why this is not followed, when the address alone tells it."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a listing."""

    targets: tuple[Target, ...]
    """Its links as they are known now, in its order; without those that another crawler holds,
    where this one asked to hold them."""
    new: frozenset[str] = frozenset()
    """Addresses that nobody knew before, traps among them."""
    trapped: Mapping[str, str] = {}
    """Of the new ones, those that are not followed, with the reason."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """An address whose turn it is."""

    target: Target
    host: str
    since: datetime
    tries: int = 0
    """How often it failed in a row, in a way that passes."""


class Sources(msgspec.Struct, frozen=True):
    """Sources that a crawler holds now, with what is known of them, and of their hosts."""

    due: tuple[tuple[Source, Watch | None], ...] = ()
    hosts: Mapping[str, HostState] = {}


class Pages(msgspec.Struct, frozen=True):
    """Addresses that a crawler holds now, and what is known of their hosts."""

    tasks: tuple[Task, ...] = ()
    hosts: Mapping[str, HostState] = {}


class Room(msgspec.Struct, frozen=True):
    """How much more a crawler takes."""

    most: int
    per_host: int
    full: tuple[str, ...] = ()
    """Hosts of which it has enough."""


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """How a look at an address ended, and when it is looked at again (None: never)."""

    target: Target
    due: datetime | None = None
    since: datetime | None = None
    """As in ``Task``; needed with ``due``."""
    tries: int = 0
    archive: bool = False
    priority: int = 0
    reason: str = ""
    """Why it ended so, in words, where the outcome does not say it all."""
    event_id: str = ""
    """Of the page that was put on the log; empty: none was."""


class Beat(msgspec.Struct, frozen=True):
    """A sign of life."""

    crawler: str
    place: str
    """The process, as others on its machine can look it up (``services.bus.sqlite_members``)."""
    beat: int


class Company(msgspec.Struct, frozen=True):
    known: bool
    """False: this crawler was buried since its last beat, and holds nothing any more."""
    others: tuple[Beat, ...] = ()


class RobotsText(msgspec.Struct, frozen=True, kw_only=True):
    """What a site answered to ``/robots.txt``."""

    site: str
    """Scheme, host and port, as ``https://paper.example``."""
    status: int
    body: bytes = b""
    fetched: datetime


class Crawling(Protocol):
    """What is due, who works on it, and what is known of hosts."""

    # Sources

    def watches(self) -> dict[str, Watch]:
        """What is known of each source that was looked at, by its id."""

    def source_states(self, now: datetime) -> dict[str, SourceState]:
        """The state of every source, by its id."""

    def make_due(self, source_id: str, now: datetime) -> bool:
        """Have a source looked at at once; False when there is none of this id."""

    def claim_sources(self, crawler: str, now: datetime, most: int) -> Sources:
        """Hold sources that are due and not paused, and their hosts: higher priority first.

        A source whose host another crawler holds is left for that one.
        """

    def note_look(self, watch: Watch, now: datetime, note: str = "") -> None:
        """Note what a look saw and when the next one is; the source is held no more.

        ``note`` is kept with the source, as what came of the look in words. A source that somebody
        made due during that look stays due; one that was removed meanwhile is not noted.
        """

    # Addresses

    def note_listing(
        self,
        listing: Target,
        links: Sequence[Link],
        *,
        now: datetime,
        priority: int = 0,
        hold: str = "",
    ) -> Listed:
        """Note a listing as ``discover`` does, and put into the queue what it names anew.

        A known address keeps its validators and is queued again when the listing gives it another
        time of update. With ``hold`` all links are held by that crawler. What did not change is
        not written.
        """

    def claim_pages(self, crawler: str, now: datetime, room: Room) -> Pages:
        """Hold addresses that are due, of sources that are not paused, and their hosts.

        New before archive, then higher priority, then newest first; none of hosts that pause or
        that others hold.
        """

    def note_pages(self, ends: Sequence[Ended], now: datetime) -> None:
        """Note the ends of addresses, and when each is due again; they are held no more."""

    def source_outcomes(self) -> dict[str, dict[str, int]]:
        """Source to outcome to number of addresses; ``pending`` for those without one."""

    # Crawlers and hosts

    def beat(self, crawler: str, place: str) -> Company:
        """Tell that this crawler lives; who else is there."""

    def bury(self, dead: Collection[Beat]) -> None:
        """Give back all that these hold, unless they gave a sign of life since."""

    def leave(self, crawler: str) -> None:
        """Give back all that this crawler holds."""

    def hold_hosts(
        self, crawler: str, hosts: Collection[str], now: datetime
    ) -> dict[str, HostState]:
        """Those of ``hosts`` that this crawler holds now, as they were before.

        Who holds another one of them learns that it is wanted.
        """

    def wanted_hosts(self, crawler: str) -> set[str]:
        """Hosts of this crawler that another one waits for."""

    def release_hosts(self, crawler: str, hosts: Collection[HostState]) -> None:
        """Give hosts back with what was learnt, and what is held of their queue."""

    def robots(self, site: str) -> RobotsText | None:
        """What this site answered last."""

    def put_robots(self, text: RobotsText) -> None: ...
