"""One view of a committed index, and what is read from it."""

from collections.abc import Sequence
from typing import Any

import msgspec
import tantivy
from tantivy import Query

from processors.query.terms import terms
from processors.query.tree import ClaimIs, Node
from processors.records import Article
from services.index import (
    DISPUTED,
    ClaimHit,
    ClaimResults,
    Dispute,
    Disputes,
    Hit,
    Results,
    Stats,
)
from services.index.changes import Known
from services.index.documents import moment, number_of
from services.index.highlight import Seeker
from services.index.order import BEST, CLAIMS
from services.index.paging import Paging
from services.index.slips import form_of, likeliest, slips
from services.index.tantivy_compile import Compiler, Kind, of_kind, one_article, one_claim
from services.index.tantivy_disputes import disputed
from services.index.tantivy_facets import count_facets
from services.index.tantivy_pages import Pager
from services.index.tantivy_query import both, phrase, term

_articles = msgspec.json.Decoder(Article)
_claim_hits = msgspec.json.Decoder(ClaimHit)


class View:
    """All documents of one commit; later commits do not show."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher: Any = searcher  # the stubs of 0.27 lack ``SearchResult.count``
        self._most: int = max(1, searcher.num_docs)
        self._pager = Pager(searcher)
        self._numbers: dict[ClaimIs, list[int]] = {}

    def search(self, query: Node, paging: Paging, facets: bool) -> Results:
        compiler = self._compiler("article")
        compiled = compiler.query(query)
        scored = paging.order == BEST
        page = self._pager.page(compiler.ordered(query) if scored else compiled, paging)
        seeker = Seeker(query)
        hits = tuple(
            self._hit(row.address, row.values[0] if scored else 0.0, seeker, fold=paging.fold)
            for row in page.rows
        )
        counts, days = count_facets(self._searcher, compiled) if facets else ({}, ())
        return Results(total=page.total, hits=hits, facets=counts, days=days, next=page.next)

    def claims(self, query: Node, paging: Paging) -> ClaimResults:
        page = self._pager.page(self._compiler("claim").query(query), paging)
        hits = (_claim_hits.decode(self._record(row.address)) for row in page.rows)
        return ClaimResults(page.total, tuple(hits), page.next)

    def disputes(self, query: Node, limit: int) -> Disputes:
        compiled = self._compiler("claim").query(query)
        keys = disputed(self._searcher, compiled)
        return Disputes(len(keys), tuple(self._dispute(compiled, key) for key in keys[:limit]))

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        found = {}
        for word in dict.fromkeys(words):
            form = form_of(word)
            if form and not self._pager.count(phrase("body", terms(word))):
                counts = {one: self._searcher.doc_freq("forms", one) for one in slips(form)}
                if likely := likeliest(counts):
                    found[word] = likely
        return found

    def known(self, article_id: str) -> Known | None:
        hits = self._searcher.search(one_article(article_id), limit=1).hits
        if not hits:
            return None
        document = self._searcher.doc(hits[0][1])
        article = _articles.decode(document.get_first("record"))
        return Known(article, moment(document.get_first("seen")))

    def revisions(self, article_id: str) -> list[Article]:
        query = term("revision_of", article_id)
        hits = self._searcher.search(query, limit=self._most, order_by_field="time").hits
        return [_articles.decode(self._record(address)) for _, address in hits]

    def stats(self) -> Stats:
        articles, claims, revisions = (
            self._pager.count(term("kind", kind)) for kind in ("article", "claim", "revision")
        )
        newest = self._searcher.search(
            Query.exists_query("seen"), limit=1, order_by_field="seen"
        ).hits
        return Stats(articles, claims, revisions, moment(newest[0][0]) if newest else None)

    def _hit(self, address: tantivy.DocAddress, score: float, seeker: Seeker, *, fold: bool) -> Hit:
        article = _articles.decode(self._record(address))
        return Hit(
            article=article,
            score=score,
            title=seeker.mark(article.title),
            snippet=seeker.snippet(article.body, article.summary),
            copies=self._copies(article) if fold else 0,
        )

    def _copies(self, article: Article) -> int:
        story = term("story", number_of(article.story or article.id))
        return self._pager.count(both(of_kind("article"), story)) - 1

    def _dispute(self, compiled: Query, key: str) -> Dispute:
        query = both(compiled, term("about", key))
        page = self._pager.page(query, Paging(order=CLAIMS["oldest"], limit=DISPUTED))
        hits = (_claim_hits.decode(self._record(row.address)) for row in page.rows)
        return Dispute(page.total, tuple(hits))

    def _record(self, address: tantivy.DocAddress) -> bytes:
        record: bytes = self._searcher.doc(address).get_first("record")
        return record

    def _compiler(self, kind: Kind) -> Compiler:
        return Compiler(kind, self._numbers_of)

    def _numbers_of(self, claim: ClaimIs) -> list[int]:
        """Asked for hits and for facets; the answer of one commit stays as it is."""
        if claim not in self._numbers:
            query = both(of_kind("claim"), one_claim(claim))
            hits = self._searcher.search(query, limit=self._most).hits
            column = self._searcher.fast_field_values("number", [at for _, at in hits])
            self._numbers[claim] = list(set(column))
        return self._numbers[claim]
