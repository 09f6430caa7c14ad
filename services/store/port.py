"""The port itself; ``services/store/store.py`` is its SQLAlchemy adapter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol, Self

import msgspec

from processors.layout import Health, PageRead
from services.store.alerting import Alerting
from services.store.crawling import Crawling
from services.store.intake import Intake
from services.store.keeping import Keeping
from services.store.letters import Letters
from services.store.people import People
from services.store.places import Source, Target
from services.store.replays import Replays
from services.store.tallies import Tallies
from services.store.trails import Finished, Trails

__all__ = [
    "Copy",
    "Finished",
    "Frontier",
    "Joined",
    "Retold",
    "Source",
    "Store",
    "Stories",
    "Target",
    "Told",
]


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """An article on its way to its story, with its fingerprint (``processors.stories``)."""

    article_id: str
    published: datetime
    seen: datetime
    """When this text was fetched: a later one replaces it."""
    bands: tuple[int, ...] = ()
    """Signed 64-bit hashes."""
    signature: bytes = b""
    keys: tuple[int, ...] = ()
    """Signed 64-bit hashes, by which stories of one event find each other."""
    sign: bytes = b""
    """What it is about; empty: its story is placed in no event by it."""


class Told(msgspec.Struct, frozen=True):
    """The story that an article tells, and whether it was the first to tell it."""

    story: str
    original: bool
    """The earliest published of its story, by id where several are."""
    event: str = ""
    """The event that the story is about, by the id of the story that began it; empty: none yet."""


class Joined(msgspec.Struct, frozen=True):
    """What came of a join, when the whole batch had joined."""

    story: str
    original: bool
    stale: tuple[str, ...] = ()
    """Other articles of the story that now tell another one than before, or are no longer (or
    only now) its original: stories met, or an earlier copy arrived."""
    event: str = ""

    @property
    def told(self) -> Told:
        return Told(self.story, self.original, self.event)


class Retold(msgspec.Struct, frozen=True):
    turn: int
    """Of the last change; 0 before the first."""
    ids: tuple[str, ...] = ()


class Frontier(Protocol):
    """Sources, and what a killed crawl neither repeats nor forgets."""

    def put_source(self, source: Source) -> None:
        """Add or replace by id."""

    def sources(self) -> list[Source]:
        """All sources by id."""

    def remove_source(self, source_id: str) -> bool:
        """False when there is no such source."""

    def discover(self, listing: Target, found: Sequence[Target]) -> None:
        """In one transaction: note a listing (feed, sitemap) as fetched, and what it lists.

        A link that is known keeps its validators; its hints are replaced. Links of this listing
        that are no longer named stay known and are no longer looked at.
        """

    def targets(self, listing_url: str) -> list[Target]:
        """The links that this listing named last, in its order."""

    def target(self, url: str) -> Target | None: ...

    def note_fetch(self, target: Target) -> None:
        """Add or replace one address by URL with its validators and outcome."""

    def fetch_outcomes(self) -> dict[str, int]:
        """How many addresses ended in which outcome; ``pending`` for those without one."""


class Stories(Protocol):
    """Articles and their near-copies."""

    def join_stories(self, batch: Sequence[Copy]) -> list[Joined]:
        """Bring articles to the stories of their near-copies, or begin some; one answer for each.

        An article joins the story of whose text it is a copy (``processors.stories.is_copy``): of
        the one that began it, or of its original. The two share a band, or each shares one with
        the same other copy. When an article is a copy of two stories, they become that with
        the earliest original, and the text that began the other one goes on to count. All of a
        batch is one transaction, and however many processes join at the same time, one comes
        after the other.

        An article may be joined again. As it was, nothing changes; when it was seen later, it has
        its new time and text, but it stays in a story that others tell too; when it was seen
        earlier than what is known, it is left aside. ``stale`` comes again until it was noted
        with ``note_told``.

        In the same transaction each story that has no event is placed, by its first article that
        has a ``sign``: in the event of the stories of these days that it fits best
        (``processors.stories.signs``), or it begins one. A story stays in its event until it
        becomes part of another story, whose event it then has. So the event of a story never
        changes without its story, and no process sees one that is not final; which event it is
        depends on what came before.
        """

    def stories(self, article_ids: Collection[str]) -> dict[str, Told]:
        """The story of each article that was joined, as it is now."""

    def copies(self, article_id: str) -> list[str]:
        """All articles of this one's story, itself among them, in the order of publication.

        A story has the id of the article that began it, so that the id of a story, too, leads
        to its copies, also after it became part of another one.
        """

    def note_told(self, told: Mapping[str, Told]) -> None:
        """The index has ``stale`` articles as told here: done, unless they changed since."""

    def retold(self, since: int = 0) -> Retold:
        """What the joins of others changed after the ``turn`` of an earlier answer, noted or not.

        Turns go up with every such join.
        """

    def close(self) -> None: ...


class Store(
    Frontier,
    Crawling,
    Stories,
    People,
    Alerting,
    Intake,
    Letters,
    Trails,
    Tallies,
    Replays,
    Keeping,
    Protocol,
):
    """Small shared state, in transactions; used by several processes at once."""

    # Outcomes: one row an event and stage, written by the stage runner alone
    def finish(self, ends: Iterable[Finished], read: Iterable[PageRead] = ()) -> None:
        """Note ends; noting the same event and stage again replaces the row.

        ``read`` is what reading gave of the pages among them, noted in the same transaction. A
        page that is noted again replaces itself unless it was fetched earlier than that, so a
        replay adds nothing. Of each source the last ``layout.KEPT`` pages are kept. The ends are
        counted (see ``Tallies``), those that are noted again once more.
        """

    def outcomes(self) -> dict[str, dict[str, int]]:
        """Stage to outcome to count."""

    def extraction_health(self, sources: Collection[str] | None = None) -> dict[str, Health]:
        """How the last pages of each source (of all, or of these) were read, and what broke.

        A source of which no page was read yet is not among them.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
