"""``ElasticsearchIndex``: the index of many machines, with any number of readers and writers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Self

from processors.query.tree import Node
from processors.records import Article
from services.errors import TryLater, UserError
from services.index import (
    FACETS,
    ClaimResults,
    ClaimSort,
    Disputes,
    PutOutcome,
    Results,
    Sort,
    Stats,
)
from services.index import elasticsearch_put as writing
from services.index.documents import fingerprint
from services.index.elasticsearch_admin import REMEDY, prepare
from services.index.elasticsearch_client import (
    WRITE_SECONDS,
    MissingIndexError,
    connect,
    explained,
)
from services.index.elasticsearch_names import Names, parse_address
from services.index.elasticsearch_read import Reader
from services.index.order import CLAIMS
from services.index.paging import Paging, articles_order


class ElasticsearchIndex:
    """See the port. A server without the index is an empty one to readers; ``put`` makes it.

    ``names`` are those of the address unless told. Safe from several threads.
    """

    def __init__(self, address: str, *, names: Names | None = None) -> None:
        self._address = parse_address(address)
        self._names = names or self._address.names
        self._client = connect(self._address)
        self._reader = Reader(self._client, self._names)
        self._checking = Lock()
        self._readable = self._writable = names is not None

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        if not articles:
            return []
        try:
            with explained(self._address):
                self._prepare()
                return writing.put(self._client, self._names, articles)
        except BaseException as error:
            self._writable = self._names != self._address.names  # somebody may have removed it
            if isinstance(error, MissingIndexError):
                raise TryLater(f"index at {self._address} was removed ({error})") from error
            raise

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
        order = articles_order(query, sort)
        paging = Paging(order=order, offset=offset, limit=limit, fold=fold, after=after)
        try:
            with self._reading() as reader:
                return reader.search(query, paging, facets)
        except MissingIndexError:
            return Results(total=0, hits=(), facets=dict.fromkeys(FACETS, ()) if facets else {})

    def claims(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: ClaimSort = "newest",
        after: str = "",
    ) -> ClaimResults:
        paging = Paging(order=CLAIMS[sort], offset=offset, limit=limit, after=after)
        try:
            with self._reading() as reader:
                return reader.claims(query, paging)
        except MissingIndexError:
            return ClaimResults(0, ())

    def disputes(self, query: Node, *, limit: int = 20) -> Disputes:
        try:
            with self._reading() as reader:
                return reader.disputes(query, limit)
        except MissingIndexError:
            return Disputes(0, ())

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        try:
            with self._reading() as reader:
                return reader.suggest(words)
        except MissingIndexError:
            return {}

    def get(self, article_id: str) -> Article | None:
        try:
            with self._reading() as reader:
                return reader.get(article_id)
        except MissingIndexError:
            return None

    def revisions(self, article_id: str) -> list[Article]:
        try:
            with self._reading() as reader:
                return reader.revisions(article_id)
        except MissingIndexError:
            return []

    def edits(self, articles: Sequence[Article]) -> list[int]:
        try:
            with self._reading() as reader:
                return reader.edits(articles)
        except MissingIndexError:
            return [0] * len(articles)

    def every(self) -> Iterator[Article]:
        try:
            with self._reading() as reader:
                yield from reader.every()
        except MissingIndexError:
            return

    def stats(self) -> Stats:
        try:
            with self._reading() as reader:
                return reader.stats()
        except MissingIndexError:
            return Stats(0, 0, 0, None)

    def read_only(self) -> bool:
        """Whether the server refuses to write the index, as it does when its disk is full."""
        try:
            with self._reading() as reader:
                return reader.is_read_only()
        except MissingIndexError:
            return False

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _prepare(self) -> None:
        with self._checking:
            if not self._writable:
                prepare(self._client.options(request_timeout=WRITE_SECONDS), self._names)
                self._writable = True

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with explained(self._address):
            if not self._readable:
                self._check()
            yield self._reader

    def _check(self) -> None:
        """Once, when there is an index: what other code wrote would be misread."""
        if self._reader.fingerprints() != {fingerprint()}:
            raise UserError(
                f"index at {self._address} was written by another version of Beatwire; {REMEDY}"
            )
        self._readable = True
