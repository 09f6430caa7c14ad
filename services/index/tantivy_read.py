"""One view of a committed index, and what is read from it."""

from typing import Any

import msgspec
import tantivy
from tantivy import Order, Query

from processors.query.tree import Node
from processors.records import Article
from services.index import ClaimHit, ClaimResults, FacetCount, Hit, Results, Sort, Stats
from services.index.changes import Known
from services.index.documents import moment
from services.index.highlight import mark, phrases, snippet
from services.index.tantivy_compile import Compiler, Kind
from services.index.tantivy_facets import count_facets
from services.index.tantivy_schema import schema

Found = tuple[float, tantivy.DocAddress]

_articles = msgspec.json.Decoder(Article)
_claim_hits = msgspec.json.Decoder(ClaimHit)


class View:
    """All documents of one commit; later commits do not show."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher: Any = searcher  # the stubs of 0.27 lack ``SearchResult.count``
        self._most: int = max(1, searcher.num_docs)

    def search(self, query: Node, offset: int, limit: int, sort: Sort, facets: bool) -> Results:
        compiler = self._compiler("article")
        compiled = compiler.query(query)
        wanted = phrases(query)
        if sort == "relevance" and wanted:
            total, found = self._by_score(compiler.ordered(query), offset, limit)
        else:
            total, found = self._by_time(compiled, offset, limit, oldest_first=sort == "oldest")
        hits = []
        for score, address in found:
            article = _articles.decode(self._record(address))
            shown = snippet(article.body, wanted, article.summary)
            title = mark(article.title, wanted)
            hits.append(Hit(article=article, score=score, title=title, snippet=shown))
        counts = self._facets(compiled) if facets else {}
        return Results(total=total, hits=tuple(hits), facets=counts)

    def claims(self, query: Node, offset: int, limit: int) -> ClaimResults:
        compiled = self._compiler("claim").query(query)
        total, found = self._by_time(compiled, offset, limit)
        hits = (_claim_hits.decode(self._record(address)) for _, address in found)
        return ClaimResults(total, tuple(hits))

    def known(self, article_id: str) -> Known | None:
        query = self._compiler("article").article(article_id)
        hits = self._searcher.search(query, limit=1).hits
        if not hits:
            return None
        document = self._searcher.doc(hits[0][1])
        article = _articles.decode(document.get_first("record"))
        return Known(article, moment(document.get_first("seen")))

    def revisions(self, article_id: str) -> list[Article]:
        query = Query.term_query(schema(), "revision_of", article_id, "basic")
        hits = self._searcher.search(query, limit=self._most, order_by_field="order").hits
        return [_articles.decode(self._record(address)) for _, address in hits]

    def stats(self) -> Stats:
        articles, claims, revisions = (
            self._searcher.search(Query.term_query(schema(), "kind", kind, "basic"), limit=1).count
            for kind in ("article", "claim", "revision")
        )
        newest = self._searcher.search(
            Query.exists_query("seen"), limit=1, order_by_field="seen"
        ).hits
        return Stats(articles, claims, revisions, moment(newest[0][0]) if newest else None)

    def _facets(self, query: Query) -> dict[str, tuple[FacetCount, ...]]:
        return count_facets(self._searcher, query)

    def _record(self, address: tantivy.DocAddress) -> bytes:
        record: bytes = self._searcher.doc(address).get_first("record")
        return record

    def _compiler(self, kind: Kind) -> Compiler:
        return Compiler(schema(), kind, self._numbers_of)

    def _numbers_of(self, query: Query) -> list[int]:
        hits = self._searcher.search(query, limit=self._most).hits
        return list(set(self._searcher.fast_field_values("number", [at for _, at in hits])))

    def _by_time(
        self, query: Query, offset: int, limit: int, *, oldest_first: bool = False
    ) -> tuple[int, list[Found]]:
        """The exact total, and one page of (score, address)."""
        page, most = self._bounds(offset, limit)
        order = Order.Asc if oldest_first else Order.Desc
        result = self._searcher.search(query, limit=most, order_by_field="order", order=order)
        return result.count, [(0.0, address) for _, address in result.hits[page]]

    def _by_score(self, query: Query, offset: int, limit: int) -> tuple[int, list[Found]]:
        """Best first; equal scores newest first, then by number, on every page alike.

        The engine orders equal scores as its segments lie, so all hits that share the last score
        of the page are fetched before the page is cut.
        """
        page, most = self._bounds(offset, limit)
        wanted = most
        result = self._searcher.search(query, limit=wanted)
        while len(result.hits) == wanted < self._most and _tied(result.hits, most):
            wanted = min(wanted * 8 + 64, self._most)
            result = self._searcher.search(query, limit=wanted)
        addresses = [address for _, address in result.hits]
        times = self._searcher.fast_field_values("time", addresses)
        numbers = self._searcher.fast_field_values("number", addresses)
        keyed = zip(result.hits, times, numbers, strict=True)
        ordered = sorted(keyed, key=lambda item: (-item[0][0], -item[1], item[2]))
        return result.count, [hit for hit, _, _ in ordered[page]]

    def _bounds(self, offset: int, limit: int) -> tuple[slice, int]:
        """A page of hits, and how many hits show it."""
        offset, limit = max(0, offset), max(0, limit)
        return slice(offset, offset + limit), max(1, min(offset + limit, self._most))


def _tied(hits: list[Found], most: int) -> bool:
    """Whether hits beyond those fetched may share the score of the last one wanted."""
    return hits[-1][0] == hits[most - 1][0]
