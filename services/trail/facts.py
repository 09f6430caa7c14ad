"""All that is known of one address, as it is known; ``gather`` asks, others judge and tell."""

from collections.abc import Mapping, Sequence

import msgspec

from processors.records import Article, Page
from services.store.alerting import Channel, Message, Noted
from services.store.crawling import RobotsText
from services.store.letters import Letter
from services.store.places import Source
from services.store.port import Finished, Told
from services.store.trails import Way
from services.trail.asked import Asked

READS = ("read", "read-backfill")
"""The stages that make articles of pages."""


class PageSeen(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it lies on the log."""

    event: str
    topic: str
    partition: int
    offset: int
    page: Page


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What there is of an article in the index and the store."""

    article: Article | None = None
    revisions: int = 0
    """Other texts that it had before."""
    told: Told | None = None
    copies: tuple[str, ...] = ()
    """All articles of its story, the first published first."""
    first: Article | None = None
    """Of what it is a copy, where it is one and the index has that."""


class Alerted(msgspec.Struct, frozen=True, kw_only=True):
    """Who was told of it."""

    alerts: tuple[Noted, ...] = ()
    messages: Mapping[str, Sequence[Message]] = {}
    """By the alert that they bring."""
    channels: Mapping[str, Channel] = {}


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    asked: Asked
    article: str = ""
    """The id under which its article is kept, or would be; empty: not known."""
    ways: tuple[Way, ...] = ()
    sources: tuple[Source, ...] = ()
    """Those of the ways; of an address that has none, those on its host."""
    robots: Mapping[str, RobotsText] = {}
    """Address to what its site answered last to ``/robots.txt``."""
    pages: tuple[PageSeen, ...] = ()
    ends: tuple[Finished, ...] = ()
    letters: tuple[Letter, ...] = ()
    """The oldest first."""
    kept: Kept = Kept()
    alerted: Alerted = Alerted()
    behind: Mapping[str, int] = {}
    """Events that wait, by stage."""
    index_away: bool = False
    away: tuple[str, ...] = ()
    """Why something did not answer; what it holds is not known then."""

    @property
    def is_known(self) -> bool:
        return bool(self.ways or self.ends or self.letters or self.kept.article or self.kept.told)

    @property
    def events(self) -> tuple[str, ...]:
        """Ids of all events that came of it, in the order of their ends."""
        published = [way.event_id for way in self.ways if way.event_id]
        failed = [letter.event_id for letter in self.letters]
        return tuple(dict.fromkeys([*(end.event_id for end in self.ends), *failed, *published]))
