"""The tantivy index beside the engine alone, on the same documents: our own part shows."""

from collections.abc import Callable, Sequence
from pathlib import Path

from processors.query.tree import Node
from processors.records import Article
from services.index.changes import Known
from services.index.tantivy import HEAP_BYTES, TantivyIndex
from services.index.tantivy_folder import open_folder
from services.index.tantivy_schema import documents


class RawTantivy(TantivyIndex):
    """An index whose writes and searches can be made again without anything of ours."""

    engine = "tantivy"

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        super().__init__(folder, write=write)
        self._alone = None
        if write:
            beside = folder.with_name(f"{folder.name}-alone")
            beside.mkdir()
            self._alone = open_folder(beside, create=True).writer(HEAP_BYTES, 1)

    def alone_put(self, articles: Sequence[Article]) -> Callable[[], None]:
        """What adds the same documents to an index beside, made ready, and commits them."""
        writer = self._alone
        assert writer is not None
        ready = [made for each in articles for made in documents(Known(each, each.fetched_at))]

        def again() -> None:
            for document in ready:
                writer.add_document(document)
            writer.commit()

        return again

    def alone_search(self, query: Node, limit: int) -> Callable[[], None]:
        """What counts the same articles and finds the first ones, as numbers of documents."""
        with self._reading() as view:
            return view.alone(query, limit) if view else lambda: None
