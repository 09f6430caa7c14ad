"""What is read from Elasticsearch: one class a connection, without state."""

import sys
from collections.abc import Iterator, Sequence
from itertools import batched
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from processors.query.terms import terms
from processors.query.tree import ClaimIs, Node
from processors.records import Article
from services.index import (
    DISPUTED,
    LATEST,
    ClaimHit,
    ClaimResults,
    Dispute,
    Disputes,
    Hit,
    Results,
    Stats,
)
from services.index.compile import Compiler
from services.index.compile import Kind as Compiled
from services.index.disputes import MOST_KEYS, apart
from services.index.documents import list_once, moment, number_of, revision_key, story_of
from services.index.elasticsearch_ask import (
    CHUNK,
    WINDOW,
    Asker,
    Json,
    places,
    sorting,
    total_of,
    values_of,
    whole,
)
from services.index.elasticsearch_facets import counting, take_facets
from services.index.elasticsearch_names import Kind, Names
from services.index.elasticsearch_query import SHAPES, Query, scored, silent
from services.index.elasticsearch_schema import signed
from services.index.highlight import Seeker
from services.index.order import BEST, CLAIMS, NUMBERED
from services.index.paging import Paging
from services.index.shallow import shallow
from services.index.slips import form_of, likeliest, slips

KINDS: tuple[Kind, ...] = ("articles", "claims", "revisions")


class Page(msgspec.Struct):
    answer: Json
    """With the exact total and the counts."""
    hits: list[Json]
    next: str


class Reader:
    """Raises what the client raises, and TryLater instead of giving part of an answer."""

    def __init__(self, client: Elasticsearch, names: Names) -> None:
        self._client = client
        self._names = names
        self._asker = Asker(client, names)

    def search(self, query: Node, paging: Paging, facets: bool) -> Results:
        asked = self._compiled("article", query)
        by_score = paging.order == BEST
        page = self._page(
            "articles",
            scored(asked, query) if by_score else asked,
            paging,
            counting() if facets else None,
        )
        articles = [_record(one, Article) for one in page.hits]
        copies = self._copies(articles) if paging.fold else {}
        seeker = Seeker(query)
        hits = (
            Hit(
                article=article,
                score=(one.get("_score") or 0.0) if by_score else 0.0,
                title=seeker.mark(article.title),
                snippet=seeker.snippet(article.body, article.summary),
                copies=copies.get(_story(article), 1) - 1,
            )
            for one, article in zip(page.hits, articles, strict=True)
        )
        counts, days = take_facets(page.answer["aggregations"]) if facets else ({}, ())
        return Results(
            total=total_of(page.answer),
            hits=tuple(hits),
            facets=counts,
            days=days,
            next=page.next,
        )

    def claims(self, query: Node, paging: Paging) -> ClaimResults:
        page = self._page("claims", self._compiled("claim", query), paging)
        claims = tuple(_record(one, ClaimHit) for one in page.hits)
        return ClaimResults(total_of(page.answer), claims, page.next)

    def disputes(self, query: Node, limit: int) -> Disputes:
        asked = self._compiled("claim", query)
        about = {
            "terms": {"field": "about", "size": MOST_KEYS, "shard_size": MOST_KEYS},
            "aggregations": {
                "least": {"max": {"field": "least"}},
                "most": {"min": {"field": "most"}},
            },
        }
        answer = self._asker.ask("claims", asked, size=0, aggregations={"about": about})
        keys = apart(answer["aggregations"]["about"]["buckets"])
        return Disputes(len(keys), tuple(self._dispute(asked, key) for key in keys[:limit]))

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        found = {}
        for word in dict.fromkeys(words):
            form = form_of(word)
            there = SHAPES.phrase("body", terms(word)) if form else None
            if there and not total_of(self._asker.ask("articles", there, size=0)):
                likely = likeliest(self._articles_with(slips(form)))
                if likely:
                    found[word] = likely
        return found

    def get(self, article_id: str) -> Article | None:
        """As it is at this moment, searchable yet or not."""
        if not article_id:
            return None
        found = self._client.options(ignore_status=404).get(
            index=self._names.read("articles"), id=article_id, source_includes=["record"]
        )
        body = whole(found.body)
        if found.meta.status == 404 and ("error" in body or body.get("found") is False):
            return None
        return _record(whole(body, "_source"), Article)

    def revisions(self, article_id: str) -> list[Article]:
        now = self.get(article_id)
        asked = _before([article_id], [revision_key(now)] if now else [])
        newest = self._asker.ask("revisions", asked, sort=[{"time": "desc"}], size=LATEST)
        found = newest["hits"]["hits"]
        if total_of(newest) > len(found):
            first = self._asker.ask("revisions", asked, sort=[{"time": "asc"}], size=1)
            found += first["hits"]["hits"]
        return list_once(_record(one, Article) for one in found)

    def edits(self, articles: Sequence[Article]) -> list[int]:
        counts: dict[str, int] = {}
        for part in batched(articles, CHUNK):
            ids = sorted({article.id for article in part})
            asked = _before(ids, [revision_key(article) for article in part])
            counted = {"terms": {"field": "article", "size": len(ids)}}
            answer = self._asker.ask("revisions", asked, size=0, aggregations={"edits": counted})
            buckets = answer["aggregations"]["edits"]["buckets"]
            counts |= {one["key"]: one["doc_count"] for one in buckets}
        return [counts.get(article.id, 0) for article in articles]

    def every(self) -> Iterator[Article]:
        hits = self._asker.walk("articles", {"match_all": {}}, sorting(NUMBERED), 0, sys.maxsize)
        return (_record(one, Article) for one in hits)

    def stats(self) -> Stats:
        ask = self._asker.ask
        articles = ask("articles", None, sort=[{"seen": "desc"}], size=1, source=False)
        claims, revisions = ask("claims", None, size=0), ask("revisions", None, size=0)
        seen = [moment(hit["sort"][0]) for hit in articles["hits"]["hits"]]
        return Stats(
            total_of(articles), total_of(claims), total_of(revisions), seen[0] if seen else None
        )

    def fingerprints(self) -> set[str | None]:
        """With what the indices behind the aliases were written."""
        found = self._client.indices.get_mapping(index=[self._names.read(kind) for kind in KINDS])
        mappings = (whole(one, "mappings")["mappings"] for one in whole(found.body).values())
        return {one.get("_meta", {}).get("fingerprint") for one in mappings}

    def is_read_only(self) -> bool:
        """Whether a block keeps any of the indices behind the aliases from being written."""
        found = self._client.indices.get_settings(
            index=[self._names.read(kind) for kind in KINDS],
            name="index.blocks.*",
            flat_settings=True,
        )
        blocks = (whole(one, "settings")["settings"] for one in whole(found.body).values())
        return any(value == "true" for one in blocks for value in one.values())

    def _compiled(self, kind: Compiled, query: Node) -> Query:
        return silent(Compiler(SHAPES, kind, self._making).node(shallow(query)))

    def _making(self, claim: ClaimIs) -> Query:
        """The articles that make such a claim, by their ids."""
        query = self._compiled("claim", claim)
        found: list[str] = []
        sources: Json = {"sources": [{"article": {"terms": {"field": "article"}}}], "size": WINDOW}
        while True:
            asked = {"of": {"composite": sources}}
            answer = self._asker.ask("claims", query, size=0, aggregations=asked)
            told = answer["aggregations"]["of"]
            found += (bucket["key"]["article"] for bucket in told["buckets"])
            if "after_key" not in told:
                return {"ids": {"values": found}}
            sources["after"] = told["after_key"]

    def _page(self, kind: Kind, query: Query, paging: Paging, counts: Json | None = None) -> Page:
        """One page however far down it is; one hit more than it shows tells whether any follows."""
        offset, after = paging.start()
        limit, sort = max(0, paging.limit), sorting(paging.order)
        size = limit + 1 if limit else 0
        begin = places(paging.order, after) if after else None
        far = size > CHUNK or offset + size > WINDOW
        answer = self._asker.ask(
            kind,
            query,
            sort=sort,
            start=0 if far else offset,
            size=0 if far else size,
            after=None if far else begin,
            fold=paging.fold,
            aggregations=counts,
        )
        hits = answer["hits"]["hits"]
        if far and offset < total_of(answer):
            if paging.fold:
                hits = self._asker.walk_folded(query, sort, offset, size)
            else:
                hits = list(self._asker.walk(kind, query, sort, offset, size, after=begin))
        shown = hits[:limit]
        more = len(hits) > limit and shown
        following = paging.following(values_of(paging.order, shown[-1])) if more else ""
        return Page(answer, shown, following)

    def _copies(self, articles: Sequence[Article]) -> dict[int, int]:
        """How many articles the index has of each story."""
        stories = [_story(article) for article in articles]
        if not stories:
            return {}
        count = {"story": {"terms": {"field": "story", "size": len(stories)}}}
        answer = self._asker.ask(
            "articles", {"terms": {"story": stories}}, size=0, aggregations=count
        )
        buckets = answer["aggregations"]["story"]["buckets"]
        return {bucket["key"]: bucket["doc_count"] for bucket in buckets}

    def _articles_with(self, words: Sequence[str]) -> dict[str, int]:
        """How many articles have each of these words, as they are written."""
        each = {word: {"term": {"terms.forms": word}} for word in words}
        asked = {"of": {"filters": {"filters": each}}}
        answer = self._asker.ask("articles", None, size=0, aggregations=asked)
        buckets: dict[str, Any] = answer["aggregations"]["of"]["buckets"]
        return {word: told["doc_count"] for word, told in buckets.items()}

    def _dispute(self, asked: Query, key: str) -> Dispute:
        query = SHAPES.both(asked, SHAPES.term("about", key))
        page = self._page("claims", query, Paging(order=CLAIMS["oldest"], limit=DISPUTED))
        claims = tuple(_record(one, ClaimHit) for one in page.hits)
        return Dispute(total_of(page.answer), claims)


def _before(article_ids: Sequence[str], own: Sequence[str]) -> Query:
    """The revisions of articles but for those with these keys: what the newest say again."""
    theirs = {"terms": {"article": list(article_ids)}}
    return {"bool": {"filter": [theirs], "must_not": [{"ids": {"values": list(own)}}]}}


def _story(article: Article) -> int:
    return signed(number_of(story_of(article)))


def _record[T](hit: Json, kind: type[T]) -> T:
    return msgspec.convert(hit["_source"]["record"], kind)
