"""The port ``Index``: a view of all articles and claims that can be thrown away and made again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal, Protocol, Self

import msgspec

from processors.query.tree import Node
from processors.records import Alert, Article, Claim, Span
from services.errors import UserError

PutOutcome = Literal["stored", "unchanged", "superseded"]
Sort = Literal["relevance", "newest", "oldest"]
ClaimSort = Literal["newest", "oldest", "largest", "smallest"]
"""By the article's time, or by the dollars that a claim states; those without come last."""
FACETS = ("source", "entity", "claim", "language", "section")


class CursorError(UserError):
    """A cursor that no answer gave, or one of another search's order."""


DISPUTED = 200
LATEST = 20
"""Revisions of one article that are given, besides the first one; of others there is the count."""


class Marked(msgspec.Struct, frozen=True):
    """A piece of text and where the query's words stand in it."""

    text: str
    marks: tuple[Span, ...] = ()


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One article found."""

    article: Article
    score: float
    title: Marked
    snippet: Marked
    copies: int = 0
    """Other articles of its story in the index, whatever was searched; counted when folded."""


class FacetCount(msgspec.Struct, frozen=True):
    value: str
    """What a query filters by, such as an entity's id or ``2025-01``."""
    label: str
    count: int
    about: bool = False
    """Whether the count is an estimate: of many articles not all are looked at for it."""


class DayCount(msgspec.Struct, frozen=True):
    """Articles of one day (UTC)."""

    day: date
    count: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    """All articles that match, copies too."""
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]] = {}
    days: tuple[DayCount, ...] = ()
    """With the facets: every day that has articles, in order."""
    next: str = ""
    """The cursor of what follows these hits; empty after the last."""


class ClaimHit(msgspec.Struct, frozen=True, kw_only=True):
    """One claim with what a reader needs to judge it; ``sentence.marks`` holds the evidence."""

    claim: Claim
    article_id: str
    url: str
    title: str
    source: str
    site_name: str
    published: datetime | None
    sentence: Marked
    story: str = ""
    """The story that its article tells; claims of one story have one origin."""
    fetched_at: datetime | None = None


def source_name(of: Article | Alert | ClaimHit) -> str:
    """What readers know the source by: the publisher's name where it is known."""
    return of.site_name or of.source


class ClaimResults(msgspec.Struct, frozen=True):
    total: int
    claims: tuple[ClaimHit, ...]
    next: str = ""
    """The cursor of what follows; empty after the last."""


class Dispute(msgspec.Struct, frozen=True):
    """Claims of one kind about the same subject, object and period whose ranges do not all meet."""

    total: int
    claims: tuple[ClaimHit, ...]
    """Oldest first, ``DISPUTED`` at most."""


class Disputes(msgspec.Struct, frozen=True):
    total: int
    disputes: tuple[Dispute, ...]
    """Those with the most claims first."""


class Stats(msgspec.Struct, frozen=True):
    articles: int
    claims: int
    revisions: int
    """Texts that are kept beside the newest, such as one to which an article came back later."""
    newest: datetime | None
    """Fetch time of the newest article."""


class Index(Protocol):
    """Articles by id, searchable by the query tree of ``processors.query``.

    Reading objects and the one writing object may live in different processes. What ``put``
    returned for is durable, and visible to every reader within a second.
    """

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        """Store articles with their claims; one outcome for each, in order. Idempotent.

        ``stored``: new, changed, or read by other component versions; what it replaces, when its
        ``content_hash`` differs, is kept as a revision. ``unchanged``: same content, same
        ``made_by``, same story. ``superseded``: a version fetched later is there; this one, when
        its content differs, is kept as a revision only. A content is one revision, as it was when
        it was first seen, however often the article comes back to it; in whatever order the
        versions arrive, the same ones are there in the end.
        Raises TryLater when the index cannot be written now; LockedError when another process
        is the writer.
        """

    def search(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: Sort = "relevance",
        facets: bool = False,
        fold: bool = False,
        after: str = "",
    ) -> Results:
        """Articles that match, newest revision only. ``total`` is exact.

        By relevance (see ``services.index.relevance``), newest first among equals; a query without
        words has none and comes newest first. With ``fold``, of the articles that tell one story
        only the first is a hit, and ``offset`` counts hits. ``after`` is the ``next`` of an answer
        to the same search (then ``offset`` is left aside): so all hits can be had, however many.
        Raises CursorError.
        """

    def claims(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: ClaimSort = "newest",
        after: str = "",
    ) -> ClaimResults:
        """Claims that match, those of the newest article first.

        Words and phrases are looked for in the claim's sentence and its article's title; conditions
        on claims (``claim:`` ``usd:``) hold for the claim itself, all others for its article.
        ``after`` as in ``search``.
        """

    def disputes(self, query: Node, *, limit: int = 20) -> Disputes:
        """Where the claims that match disagree: see ``Dispute`` and ``processors.figures.span``.

        Denied claims state nothing and are left aside.
        """

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        """For each word that no article has, the one a slip away that most articles have.

        A slip is one letter more, less or other, or two neighbours that changed places. Words of
        three letters or fewer get none.
        """

    def get(self, article_id: str) -> Article | None:
        """The newest revision of one article."""

    def revisions(self, article_id: str) -> list[Article]:
        """What an article said before, newest first: the ``LATEST`` such texts and the first.

        Each content once, as of when it was first seen, and never that of the newest version.
        """

    def edits(self, articles: Sequence[Article]) -> list[int]:
        """How many other texts each of these articles, as ``get`` and hits give it, had before."""

    def stats(self) -> Stats: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class WholeIndex(Index, Protocol):
    """An index itself, as an adapter opens it: all that is in it can be gone through."""

    def every(self) -> Iterator[Article]:
        """All articles as of one moment, one after the other in an order that is the same in every
        index of an engine (by the number of their ids): two can be gone through side by side.

        Raises as ``search`` does, also on the way.
        """
        ...
