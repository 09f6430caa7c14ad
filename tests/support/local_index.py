"""Real indexes of one machine for tests, each in a folder of its own that goes with it."""

import shutil
import weakref
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from processors.query.tree import All
from processors.records import Article
from services.index.tantivy import TantivyIndex
from tests.support.coverage import all_stories


class LocalIndex(TantivyIndex):
    """The articles, open for reading; what a later one replaces is a revision of it."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        folder = Path(mkdtemp(prefix="beatwire-test-index-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        if given := list(articles):
            with TantivyIndex(folder, write=True) as writer:
                writer.put(given)
        super().__init__(folder)


@cache
def stories_index() -> LocalIndex:
    """``all_stories``, shared by the tests that only read them."""
    return LocalIndex(all_stories())


def articles_of(index: TantivyIndex) -> list[Article]:
    """Every article in the index, up to 100."""
    return [hit.article for hit in index.search(All(), limit=100).hits]
