"""``TantivyIndex``: the index of one machine, in a folder with one writer and many readers."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Self

import tantivy

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
from services.index.changes import Known, decide
from services.index.documents import revision_key
from services.index.order import CLAIMS
from services.index.paging import Paging, articles_order
from services.index.tantivy_folder import open_folder, readable, state, take_lock
from services.index.tantivy_read import View
from services.index.tantivy_schema import documents, revision_document

HEAP_BYTES = 64_000_000


class TantivyIndex:
    """See the port. A reader of a folder without an index sees an empty one, until one appears.

    Every read looks first whether the index has changed, which costs one ``stat``. Reading is safe
    from several threads; ``put`` is for one.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self._folder = folder
        self._index: tantivy.Index | None = None
        self._state: tuple[int, int, int] | None = None
        self._refreshing = Lock()
        self._lock: IO[str] | None = None
        self._writer: tantivy.IndexWriter | None = None
        if write:
            self._lock = take_lock(folder)
            try:
                # Opened under the lock: what the last writer committed is what this one sees.
                self._index = open_folder(folder, create=True)
            except BaseException:
                self._lock.close()
                raise

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        if self._lock is None or self._index is None:
            raise RuntimeError(f"index in {self._folder} is not open for writing")
        outcomes: list[PutOutcome] = []
        live: dict[str, Known | None] = {}
        changed: dict[str, Known] = {}
        revisions: dict[str, Article] = {}
        for article in articles:
            if article.id not in live:
                live[article.id] = self._known(article.id)
            change = decide(live[article.id], article)
            outcomes.append(change.outcome)
            if change.known is not None:
                live[article.id] = changed[article.id] = change.known
            for revision in change.revisions:
                key = revision_key(revision)
                there = revisions.get(key) or self._revision(key)
                if there is None or revision.fetched_at < there.fetched_at:
                    revisions[key] = revision
        if changed or revisions:
            self._write(self._index, changed, revisions)
        return outcomes

    def _write(
        self, index: tantivy.Index, changed: dict[str, Known], revisions: dict[str, Article]
    ) -> None:
        """One commit for all, so that an article is never without its claims and revisions."""
        writer = None
        try:
            writer = self._writer = self._writer or index.writer(HEAP_BYTES, 1)
            for article_id, known in changed.items():
                writer.delete_documents_by_term("live", article_id)
                for document in documents(known):
                    writer.add_document(document)
            for key, article in revisions.items():
                writer.delete_documents_by_term("revision", key)
                writer.add_document(revision_document(article))
            writer.commit()
        except (ValueError, OSError) as error:
            # It goes with what it did not commit, and the next put starts afresh. It holds the
            # engine's lock for as long as anything, such as this error's traceback, holds it.
            writer = self._writer = None
            # Of a full disk the engine says no more than that a thread of its own failed.
            free = shutil.disk_usage(self._folder).free
            raise TryLater(
                f"index in {self._folder} cannot be written: {error} ({free:,} bytes are free)"
            ) from error

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
        with self._reading() as view:
            if view:
                order = articles_order(query, sort)
                paging = Paging(order=order, offset=offset, limit=limit, fold=fold, after=after)
                return view.search(query, paging, facets)
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
        with self._reading() as view:
            paging = Paging(order=CLAIMS[sort], offset=offset, limit=limit, after=after)
            return view.claims(query, paging) if view else ClaimResults(0, ())

    def disputes(self, query: Node, *, limit: int = 20) -> Disputes:
        with self._reading() as view:
            return view.disputes(query, limit) if view else Disputes(0, ())

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        with self._reading() as view:
            return view.suggest(words) if view else {}

    def get(self, article_id: str) -> Article | None:
        with self._reading() as view:
            known = view.known(article_id) if view else None
        return known.article if known else None

    def revisions(self, article_id: str) -> list[Article]:
        with self._reading() as view:
            return view.revisions(article_id) if view else []

    def edits(self, articles: Sequence[Article]) -> list[int]:
        with self._reading() as view:
            return view.edits(articles) if view else [0] * len(articles)

    def every(self) -> Iterator[Article]:
        with self._reading() as view:
            if view:
                yield from view.every()

    def stats(self) -> Stats:
        with self._reading() as view:
            return view.stats() if view else Stats(0, 0, 0, None)

    def close(self) -> None:
        """Let running merges end, then give up the lock. Calling it again changes nothing."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        self._index = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _known(self, article_id: str) -> Known | None:
        """What an article is compared with; while that cannot be read, nothing is decided."""
        try:
            with self._reading() as view:
                return view.known(article_id) if view else None
        except UserError as error:
            raise TryLater(str(error)) from error

    def _revision(self, key: str) -> Article | None:
        try:
            with self._reading() as view:
                return view.revision(key) if view else None
        except UserError as error:
            raise TryLater(str(error)) from error

    @contextmanager
    def _reading(self) -> Iterator[View | None]:
        """The last commit; None while there is no index. Raises UserError for damaged files."""
        with readable(self._folder):
            yield self._view()

    def _view(self) -> View | None:
        with self._refreshing:
            now = state(self._folder)
            if now is None:
                if self._lock is None:
                    self._index = None  # removed, to be rebuilt: what comes is opened and checked
                return None
            if self._index is None:
                self._index = open_folder(self._folder, create=False)
            if now != self._state:
                self._index.reload()
            self._state = now
            return View(self._index.searcher())
