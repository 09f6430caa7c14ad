"""What tests ask of an index in one line."""

from collections.abc import Callable

from processors.query.syntax import parse_query
from processors.records import Article
from services.index import Index, WholeIndex

OpenIndex = Callable[..., WholeIndex]
"""``open_index()`` opens the one folder or address of the test, ``write=True`` for writing."""


def slugs(articles: list[Article]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in articles]


def found(index: Index, query: str = "", **how: object) -> list[str]:
    return slugs([hit.article for hit in index.search(parse_query(query), **how).hits])  # type: ignore[arg-type]
