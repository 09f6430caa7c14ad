"""Everything that a search finds, however much it is, in the order of its cursor."""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Literal

from processors.query.tree import Node
from services.answers.rows import ARTICLE_COLUMNS, CLAIM_COLUMNS, csv_lines, json_lines
from services.answers.shapes import ArticleRow, ClaimRow, article_row, claim_row
from services.errors import TryLater
from services.index import ClaimHit, ClaimSort, Hit, Index, Sort
from services.index.documents import number_of, story_of

BATCH = 200
"""Hits that are in memory at a time."""
Format = Literal["csv", "jsonl"]
WAITS = (0.5, 1, 2, 4, 8)
"""Seconds after which a page is asked for again when the index went away in the middle."""
Edited = tuple[Hit, int]
"""An article, and how many other texts it had before."""
Tell = Callable[[int], object]
"""Told how many there are, once, before the first."""


def _ignore(_: int) -> None:
    pass


def all_articles(
    index: Index,
    query: Node,
    *,
    sort: Sort = "newest",
    fold: bool = False,
    most: int | None = None,
    told: Tell = _ignore,
) -> Iterator[ArticleRow]:
    """All articles that match, or the first ``most``.

    Folded here, by the stories that were met: an index counts its folded hits anew for each page,
    which makes the last page of many very late. So ``copies`` is 0 throughout.
    Raises as ``Index.search``; what is written to the index meanwhile may or may not be there.
    """

    def page(after: str) -> tuple[int, tuple[Edited, ...], str]:
        found = index.search(query, limit=BATCH, sort=sort, after=after)
        edits = index.edits([hit.article for hit in found.hits])
        return found.total, tuple(zip(found.hits, edits, strict=True)), found.next

    hits = _followed(page, told)
    rows = itertools.starmap(article_row, _first_of_each(hits) if fold else hits)
    return itertools.islice(rows, most)


def all_claims(
    index: Index,
    query: Node,
    *,
    sort: ClaimSort = "newest",
    most: int | None = None,
    told: Tell = _ignore,
) -> Iterator[ClaimRow]:
    """All claims that match, or the first ``most``. Raises as ``Index.claims``."""

    def page(after: str) -> tuple[int, tuple[ClaimHit, ...], str]:
        found = index.claims(query, limit=BATCH, sort=sort, after=after)
        return found.total, found.claims, found.next

    return map(claim_row, itertools.islice(_followed(page, told), most))


def article_lines(form: Format, rows: Iterator[ArticleRow]) -> Iterator[bytes]:
    return csv_lines(ARTICLE_COLUMNS, rows) if form == "csv" else json_lines(rows)


def claim_lines(form: Format, rows: Iterator[ClaimRow]) -> Iterator[bytes]:
    return csv_lines(CLAIM_COLUMNS, rows) if form == "csv" else json_lines(rows)


def _first_of_each(hits: Iterator[Edited]) -> Iterator[Edited]:
    met: set[int] = set()
    for hit, edits in hits:
        story = number_of(story_of(hit.article))
        if story not in met:
            met.add(story)
            yield hit, edits


def _followed[H](page: Callable[[str], tuple[int, tuple[H, ...], str]], told: Tell) -> Iterator[H]:
    """All hits of all pages, each page asked for when the one before it is used up."""
    total, hits, cursor = page("")
    told(total)
    yield from hits
    while cursor:
        _, hits, cursor = _patiently(page, cursor)
        yield from hits


def _patiently[T](page: Callable[[str], T], cursor: str) -> T:
    for seconds in WAITS:
        try:
            return page(cursor)
        except TryLater:
            time.sleep(seconds)
    return page(cursor)
