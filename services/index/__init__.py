"""The port ``Index``: a view of all articles and claims that can be thrown away and made again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, Self

import msgspec

from processors.query.tree import Node
from processors.records import Article, Claim, Span

PutOutcome = Literal["stored", "unchanged", "superseded"]
Sort = Literal["relevance", "newest", "oldest"]
FACETS = ("source", "entity", "claim", "month")


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


class FacetCount(msgspec.Struct, frozen=True):
    value: str
    """What a query filters by, such as an entity's id or ``2025-01``."""
    label: str
    count: int


class Results(msgspec.Struct, frozen=True, kw_only=True):
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]] = {}


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


class ClaimResults(msgspec.Struct, frozen=True):
    total: int
    claims: tuple[ClaimHit, ...]


class Stats(msgspec.Struct, frozen=True):
    articles: int
    claims: int
    revisions: int
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
        ``made_by``. ``superseded``: a version fetched later is there; this one, when its content
        differs, is kept as a revision only.
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
    ) -> Results:
        """Articles that match, newest revision only. ``total`` is exact.

        By relevance (see ``services.index.relevance``), newest first among equals; a query without
        words has none and comes newest first.
        """

    def claims(self, query: Node, *, offset: int = 0, limit: int = 20) -> ClaimResults:
        """Claims that match, newest article first.

        Words and phrases are looked for in the claim's sentence and its article's title; filters
        on claims (``claim:`` ``usd:``) hold for the claim itself, all others for its article.
        """

    def get(self, article_id: str) -> Article | None:
        """The newest revision of one article."""

    def revisions(self, article_id: str) -> list[Article]:
        """The replaced versions of an article, newest first."""

    def stats(self) -> Stats: ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
