"""``TantivyIndex``: the index of one machine, in a folder with one writer and many readers."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Self

import tantivy

from processors.query.tree import Node
from processors.records import Article
from services.errors import TryLater
from services.index import FACETS, ClaimResults, PutOutcome, Results, Sort, Stats
from services.index.changes import Known, decide
from services.index.tantivy_folder import open_folder, state, take_lock
from services.index.tantivy_read import View
from services.index.tantivy_schema import documents, revision_document, revision_key

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
        view = self._view()
        for article in articles:
            if article.id not in live:
                live[article.id] = view.known(article.id) if view else None
            change = decide(live[article.id], article)
            outcomes.append(change.outcome)
            if change.known is not None:
                live[article.id] = changed[article.id] = change.known
            if change.revision is not None:
                revisions[revision_key(change.revision)] = change.revision
        if changed or revisions:
            self._write(self._index, changed, revisions)
        return outcomes

    def _write(
        self, index: tantivy.Index, changed: dict[str, Known], revisions: dict[str, Article]
    ) -> None:
        """One commit for all, so that an article is never without its claims and revisions."""
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
            self._writer = None  # with what it did not commit; the next put starts afresh
            raise TryLater(f"index in {self._folder} cannot be written: {error}") from error

    def search(
        self,
        query: Node,
        *,
        offset: int = 0,
        limit: int = 20,
        sort: Sort = "relevance",
        facets: bool = False,
    ) -> Results:
        if view := self._view():
            return view.search(query, offset, limit, sort, facets)
        return Results(total=0, hits=(), facets=dict.fromkeys(FACETS, ()) if facets else {})

    def claims(self, query: Node, *, offset: int = 0, limit: int = 20) -> ClaimResults:
        view = self._view()
        return view.claims(query, offset, limit) if view else ClaimResults(0, ())

    def get(self, article_id: str) -> Article | None:
        view = self._view()
        known = view.known(article_id) if view else None
        return known.article if known else None

    def revisions(self, article_id: str) -> list[Article]:
        view = self._view()
        return view.revisions(article_id) if view else []

    def stats(self) -> Stats:
        view = self._view()
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

    def _view(self) -> View | None:
        """The last commit; None while there is no index."""
        with self._refreshing:
            now = state(self._folder)
            if now is None:
                if self._lock is None:
                    self._index = None  # removed, to be rebuilt: what comes is opened and checked
                return None
            if self._index is None:
                self._index = open_folder(self._folder, create=False)
            elif now != self._state:
                self._index.reload()
            self._state = now
            return View(self._index.searcher())
