"""What is read from Elasticsearch: one class a connection, without state."""

from collections.abc import Iterator
from typing import Any

import msgspec
from elasticsearch import Elasticsearch

from processors.query.tree import Node
from processors.records import Article
from services.errors import TryLater
from services.index import ClaimHit, ClaimResults, Hit, Results, Sort, Stats
from services.index.documents import moment
from services.index.elasticsearch_client import SERVER_SECONDS
from services.index.elasticsearch_compile import Compiler, Query
from services.index.elasticsearch_facets import counting, take_facets
from services.index.elasticsearch_names import Kind, Names
from services.index.highlight import mark, phrases, snippet

Json = dict[str, Any]
Order = list[Json]

WINDOW = 10_000
"""Hits that a search may skip and show; what lies beyond is walked to."""
CHUNK = 1_000
"""Hits of one answer that carry their records."""
KEEP_ALIVE = "1m"

NEWEST: Order = [{"order": "desc"}]
OLDEST: Order = [{"order": "asc"}]
BEST: Order = [{"_score": "desc"}, {"time": "desc"}, {"number": "asc"}]


class Reader:
    """Raises what the client raises, and TryLater instead of giving part of an answer."""

    def __init__(self, client: Elasticsearch, names: Names) -> None:
        self._client = client
        self._names = names

    def search(self, query: Node, offset: int, limit: int, sort: Sort, facets: bool) -> Results:
        compiler = Compiler("article", self._articles_of)
        wanted = phrases(query)
        if sort == "relevance" and wanted:
            asked, order = compiler.ordered(query), BEST
        else:
            asked, order = compiler.query(query), OLDEST if sort == "oldest" else NEWEST
        counts = counting() if facets else None
        first, found = self._page("articles", asked, order, (offset, limit), counts)
        hits = []
        for one in found:
            article = _record(one, Article)
            shown = snippet(article.body, wanted, article.summary)
            title = mark(article.title, wanted)
            score = one.get("_score") or 0.0
            hits.append(Hit(article=article, score=score, title=title, snippet=shown))
        return Results(
            total=_total(first),
            hits=tuple(hits),
            facets=take_facets(first["aggregations"]) if facets else {},
        )

    def claims(self, query: Node, offset: int, limit: int) -> ClaimResults:
        asked = Compiler("claim", self._articles_of).query(query)
        first, found = self._page("claims", asked, NEWEST, (offset, limit))
        return ClaimResults(_total(first), tuple(_record(one, ClaimHit) for one in found))

    def get(self, article_id: str) -> Article | None:
        """As it is at this moment, searchable yet or not."""
        if not article_id:
            return None
        found = self._client.options(ignore_status=404).get(
            index=self._names.read("articles"), id=article_id, source_includes=["record"]
        )
        body = _whole(found.body)
        if found.meta.status == 404 and ("error" in body or body.get("found") is False):
            return None
        return _record(_whole(body, "_source"), Article)

    def revisions(self, article_id: str) -> list[Article]:
        query = {"term": {"article": article_id}}
        first, found = self._page("revisions", query, NEWEST, (0, CHUNK))
        if _total(first) > len(found):
            _, found = self._page("revisions", query, NEWEST, (0, _total(first)))
        return [_record(one, Article) for one in found]

    def stats(self) -> Stats:
        newest: Order = [{"seen": "desc"}]
        articles = self._ask("articles", None, sort=newest, size=1, source=False)
        claims, revisions = self._ask("claims", None, size=0), self._ask("revisions", None, size=0)
        seen = [moment(hit["sort"][0]) for hit in articles["hits"]["hits"]]
        return Stats(_total(articles), _total(claims), _total(revisions), seen[0] if seen else None)

    def fingerprints(self) -> set[str | None]:
        """With what the indices behind the aliases were written."""
        kinds: tuple[Kind, ...] = ("articles", "claims", "revisions")
        found = self._client.indices.get_mapping(index=[self._names.read(kind) for kind in kinds])
        mappings = (_whole(one, "mappings")["mappings"] for one in _whole(found.body).values())
        return {one.get("_meta", {}).get("fingerprint") for one in mappings}

    def is_read_only(self) -> bool:
        """Whether a block keeps any of the indices behind the aliases from being written."""
        kinds: tuple[Kind, ...] = ("articles", "claims", "revisions")
        found = self._client.indices.get_settings(
            index=[self._names.read(kind) for kind in kinds],
            name="index.blocks.*",
            flat_settings=True,
        )
        blocks = (_whole(one, "settings")["settings"] for one in _whole(found.body).values())
        return any(value == "true" for one in blocks for value in one.values())

    def _articles_of(self, query: Query) -> list[str]:
        """The articles of all claims that match."""
        found: list[str] = []
        sources: Json = {"sources": [{"article": {"terms": {"field": "article"}}}], "size": WINDOW}
        while True:
            asked = {"of": {"composite": sources}}
            answer = self._ask("claims", query, size=0, aggregations=asked)["aggregations"]["of"]
            found += (bucket["key"]["article"] for bucket in answer["buckets"])
            if "after_key" not in answer:
                return found
            sources["after"] = answer["after_key"]

    def _page(
        self,
        kind: Kind,
        query: Query,
        order: Order,
        page: tuple[int, int],
        counts: Json | None = None,
    ) -> tuple[Json, list[Json]]:
        """The answer with the exact total and the counts, and one page however far down it is."""
        offset, limit = max(0, page[0]), max(0, page[1])
        far = limit > CHUNK or offset + limit > WINDOW
        start, size = (0, 0) if far else (offset, limit)
        first = self._ask(kind, query, sort=order, start=start, size=size, aggregations=counts)
        if far and offset < _total(first):
            return first, list(self._walk(kind, query, order, offset, limit))
        return first, first["hits"]["hits"]

    def _walk(
        self, kind: Kind, query: Query, order: Order, offset: int, limit: int
    ) -> Iterator[Json]:
        """Hits of one moment, from the first to the last wanted one; those skipped stay there."""
        opened = self._client.open_point_in_time(
            index=self._names.read(kind), keep_alive=KEEP_ALIVE
        )
        moment_id = _whole(opened.body, "id")["id"]
        after: list[Any] | None = None
        try:
            while offset + limit > 0:
                size = min(offset, WINDOW) if offset else min(limit, CHUNK)
                answer = self._ask(
                    None, query, sort=order, size=size, after=after, moment_id=moment_id,
                    source=not offset,
                )  # fmt: skip
                moment_id, hits = answer["pit_id"], answer["hits"]["hits"]
                if not hits:
                    return
                after = hits[-1]["sort"]
                if offset:
                    offset -= len(hits)
                else:
                    limit -= len(hits)
                    yield from hits
                if len(hits) < size:
                    return
        finally:
            self._client.options(ignore_status=404).close_point_in_time(id=moment_id)

    def _ask(
        self,
        kind: Kind | None,
        query: Query | None,
        *,
        size: int,
        start: int = 0,
        sort: Order | None = None,
        after: list[Any] | None = None,
        moment_id: str | None = None,
        source: bool = True,
        aggregations: Json | None = None,
    ) -> Json:
        """One search, whole or not at all."""
        found = self._client.search(
            index=None if kind is None else self._names.read(kind),
            query=query,
            size=size,
            from_=start or None,
            sort=sort if size else None,
            search_after=after,
            pit=None if moment_id is None else {"id": moment_id, "keep_alive": KEEP_ALIVE},
            source={"includes": ["record"]} if source and size else False,
            aggregations=aggregations,
            track_total_hits=True,
            timeout=f"{SERVER_SECONDS}s",
            allow_partial_search_results=None if moment_id else False,
        )
        answer = _whole(found.body, "hits", "_shards")
        if answer.get("timed_out"):
            raise TryLater(f"index took more than {SERVER_SECONDS} seconds for a search")
        if answer["_shards"]["failed"]:
            raise TryLater("index cannot answer for all of its parts now")
        return answer


def _whole(body: Any, *keys: str) -> Json:
    """An answer that has what it must have; something between us and the server may make others."""
    if not isinstance(body, dict) or not all(key in body for key in keys):
        raise TryLater("index cannot be read: the answer is none to the question")
    return body


def _total(answer: Json) -> int:
    total: int = answer["hits"]["total"]["value"]
    return total


def _record[T](hit: Json, kind: type[T]) -> T:
    return msgspec.convert(hit["_source"]["record"], kind)
