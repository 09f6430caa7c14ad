"""One view of a committed index, and what is read from it."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import msgspec
import tantivy
from tantivy import Query

from processors.query.terms import terms
from processors.query.tree import All, ClaimIs, Node
from processors.records import Article
from services.index import (
    DISPUTED,
    FACETS,
    LATEST,
    ClaimHit,
    ClaimResults,
    Dispute,
    Disputes,
    Hit,
    Results,
    Stats,
)
from services.index.changes import Known
from services.index.compile import Compiler, Kind
from services.index.documents import list_once, moment, number_of, revision_key, story_of
from services.index.highlight import Seeker
from services.index.order import BEST, CLAIMS, NUMBERED
from services.index.paging import Paging
from services.index.slips import form_of, likeliest, slips
from services.index.tantivy_disputes import disputed
from services.index.tantivy_facets import count_entities, count_facets, count_stories
from services.index.tantivy_pages import Pager, Row
from services.index.tantivy_query import ARTICLES, SHAPES, scored, silent
from services.index.tantivy_schema import own_field, schema

AT_ONCE = 500
"""Articles of one question, where all are gone through."""
FORMS = own_field("article", "forms")
_articles = msgspec.json.Decoder(Article)
_claim_hits = msgspec.json.Decoder(ClaimHit)


@cache
def _beside() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="facets")


class View:
    """All documents of one commit; later commits do not show."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self._searcher: Any = searcher  # the stubs of 0.27 lack ``SearchResult.count``
        self._most: int = max(1, searcher.num_docs)
        self._pager = Pager(searcher)
        self._known_makers: dict[ClaimIs, Query] = {}

    def search(self, query: Node, paging: Paging, facets: bool) -> Results:
        compiled = self._compiled("article", query)
        by_score = paging.order == BEST
        # The engine counts without Python's lock, so it does while the hits are found and read.
        counting = _beside().submit(count_facets, self._searcher, compiled) if facets else None
        ordered = scored(query, self._compiler("article")) if by_score else compiled
        page = self._pager.page(ordered, paging)
        entities = (
            _beside().submit(count_entities, self._searcher, compiled, page.total)
            if facets
            else None
        )
        found = Results(
            total=page.total,
            hits=self._hits(query, page.rows, scored=by_score, fold=paging.fold),
            next=page.next,
        )
        if counting is None or entities is None:
            return found
        counts, days = counting.result()
        counts |= entities.result()
        in_order = {name: counts[name] for name in FACETS}
        return msgspec.structs.replace(found, facets=in_order, days=days)

    def alone(self, query: Node, limit: int) -> Callable[[], None]:
        """The engine's own search for these articles, compiled: no order, mark or facet of ours."""
        compiled = self._compiled("article", query)

        def again() -> None:
            self._searcher.search(compiled, limit=limit, count=True)

        return again

    def claims(self, query: Node, paging: Paging) -> ClaimResults:
        page = self._pager.page(self._compiled("claim", query), paging)
        hits = (_claim_hits.decode(self._record(row.address)) for row in page.rows)
        return ClaimResults(page.total, tuple(hits), page.next)

    def disputes(self, query: Node, limit: int) -> Disputes:
        compiled = self._compiled("claim", query)
        keys = disputed(self._searcher, compiled)
        return Disputes(len(keys), tuple(self._dispute(compiled, key) for key in keys[:limit]))

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        found = {}
        for word in dict.fromkeys(words):
            form = form_of(word)
            if form and not self._pager.count(ARTICLES.phrase("body", terms(word))):
                counts = {one: self._searcher.doc_freq(FORMS, one) for one in slips(form)}
                if likely := likeliest(counts):
                    found[word] = likely
        return found

    def known(self, article_id: str) -> Known | None:
        query = silent(ARTICLES.both(ARTICLES.everything(), ARTICLES.term("live", article_id)))
        hits = self._searcher.search(query, limit=1).hits
        if not hits:
            return None
        document = self._searcher.doc(hits[0][1])
        article = _articles.decode(document.get_first("record"))
        return Known(article, moment(document.get_first("seen")))

    def revisions(self, article_id: str) -> list[Article]:
        query = silent(self._before(article_id, self._own_revision(article_id)))
        search = partial(self._searcher.search, query, order_by_field="time")
        newest = search(limit=LATEST).hits
        first = search(limit=1, order=tantivy.Order.Asc).hits if len(newest) == LATEST else []
        return list_once(_articles.decode(self._record(at)) for _, at in [*newest, *first])

    def revision(self, key: str) -> Article | None:
        hits = self._searcher.search(ARTICLES.term("revision", key), limit=1).hits
        return _articles.decode(self._record(hits[0][1])) if hits else None

    def edits(self, articles: Sequence[Article]) -> list[int]:
        before = (self._before(article.id, revision_key(article)) for article in articles)
        return [self._pager.count(query) for query in before]

    def _own_revision(self, article_id: str) -> str:
        """Of the newest version, which may have said the same before."""
        known = self.known(article_id)
        return revision_key(known.article) if known else ""

    def _before(self, article_id: str, key: str) -> Query:
        own = ARTICLES.term("revision", key)
        return ARTICLES.both(ARTICLES.term("revision_of", article_id), without=[own])

    def every(self) -> Iterator[Article]:
        every, after = self._compiled("article", All()), ""
        while True:
            paging = Paging(order=NUMBERED, limit=AT_ONCE, after=after)
            page = self._pager.page(every, paging)
            yield from (_articles.decode(self._record(row.address)) for row in page.rows)
            if not (after := page.next):
                return

    def stats(self) -> Stats:
        articles, claims, revisions = (
            self._pager.count(ARTICLES.term("kind", kind))
            for kind in ("article", "claim", "revision")
        )
        newest = self._searcher.search(
            Query.exists_query("seen"), limit=1, order_by_field="seen"
        ).hits
        return Stats(articles, claims, revisions, moment(newest[0][0]) if newest else None)

    def _hits(
        self, query: Node, rows: Sequence[Row], *, scored: bool, fold: bool
    ) -> tuple[Hit, ...]:
        articles = [_articles.decode(self._record(row.address)) for row in rows]
        stories = [number_of(story_of(article)) for article in articles]
        sizes = count_stories(self._searcher, stories) if fold else {}
        seeker = Seeker(query)
        return tuple(
            Hit(
                article=article,
                score=row.values[0] if scored else 0.0,
                title=seeker.mark(article.title),
                snippet=seeker.snippet(article.body, article.summary),
                copies=sizes.get(story, 1) - 1,
            )
            for row, article, story in zip(rows, articles, stories, strict=True)
        )

    def _dispute(self, compiled: Query, key: str) -> Dispute:
        query = SHAPES["claim"].both(compiled, SHAPES["claim"].term("about", key))
        page = self._pager.page(query, Paging(order=CLAIMS["oldest"], limit=DISPUTED))
        hits = (_claim_hits.decode(self._record(row.address)) for row in page.rows)
        return Dispute(page.total, tuple(hits))

    def _record(self, address: tantivy.DocAddress) -> bytes:
        record: bytes = self._searcher.doc(address).get_first("record")
        return record

    def _compiled(self, kind: Kind, query: Node) -> Query:
        return silent(self._compiler(kind).node(query))

    def _compiler(self, kind: Kind) -> Compiler[Query]:
        return Compiler(SHAPES[kind], kind, self._making)

    def _making(self, claim: ClaimIs) -> Query:
        """The articles that make such a claim: asked once, though a query may be compiled twice."""
        if claim not in self._known_makers:
            self._known_makers[claim] = self._makers(claim)
        return self._known_makers[claim]

    def _makers(self, claim: ClaimIs) -> Query:
        hits = self._searcher.search(self._compiled("claim", claim), limit=self._most).hits
        column = self._searcher.fast_field_values("number", [at for _, at in hits])
        numbers = list(set(column))
        if not numbers:
            return ARTICLES.either()
        return Query.term_set_query(schema(), "own_number", numbers)
