"""One search of Elasticsearch, whole or not at all, and hits in order however far down."""

from collections.abc import Iterator
from typing import Any

from elasticsearch import Elasticsearch

from services.errors import TryLater
from services.index.elasticsearch_client import SERVER_SECONDS
from services.index.elasticsearch_names import Kind, Names
from services.index.elasticsearch_query import Query
from services.index.elasticsearch_schema import SIGN
from services.index.order import Order, Values, first_of_each

Json = dict[str, Any]

WINDOW = 10_000
"""Hits that a search may skip and show; what lies beyond is walked to."""
CHUNK = 1_000
"""Hits of one answer that carry their records."""
KEEP_ALIVE = "1m"


def sorting(order: Order) -> list[Json]:
    names = {"score": "_score"}
    return [
        {names.get(key.field, key.field): "desc" if key.falling else "asc"} for key in order.keys
    ]


def values_of(order: Order, hit: Json) -> Values:
    """The values of a hit as every engine has them; a walk adds one of its own behind them."""
    pairs = zip(order.keys, hit["sort"][: len(order.keys)], strict=True)
    return tuple(value + SIGN if key.field == "number" else value for key, value in pairs)


def places(order: Order, values: Values) -> list[float | int]:
    """The values of a hit as this engine has them."""
    pairs = zip(order.keys, values, strict=True)
    return [value - SIGN if key.field == "number" else value for key, value in pairs]


class Asker:
    """Raises what the client raises, and TryLater instead of giving part of an answer."""

    def __init__(self, client: Elasticsearch, names: Names) -> None:
        self._client = client
        self._names = names

    def ask(
        self,
        kind: Kind | None,
        query: Query | None,
        *,
        size: int,
        start: int = 0,
        sort: list[Json] | None = None,
        after: list[Any] | None = None,
        moment_id: str | None = None,
        source: bool = True,
        fold: bool = False,
        aggregations: Json | None = None,
    ) -> Json:
        """One search. With ``fold`` each story has one hit."""
        found = self._client.search(
            index=None if kind is None else self._names.read(kind),
            query=query,
            size=size,
            from_=start or None,
            sort=sort if size else None,
            search_after=after or None,
            pit=None if moment_id is None else {"id": moment_id, "keep_alive": KEEP_ALIVE},
            source={"includes": ["record"]} if source and size else False,
            collapse={"field": "story"} if fold and size else None,
            aggregations=aggregations,
            track_total_hits=True,
            timeout=f"{SERVER_SECONDS}s",
            allow_partial_search_results=None if moment_id else False,
        )
        answer = whole(found.body, "hits", "_shards")
        if answer.get("timed_out"):
            raise TryLater(f"index took more than {SERVER_SECONDS} seconds for a search")
        if answer["_shards"]["failed"]:
            raise TryLater("index cannot answer for all of its parts now")
        return answer

    def walk(
        self,
        kind: Kind,
        query: Query,
        sort: list[Json],
        offset: int,
        limit: int,
        *,
        after: list[Any] | None = None,
    ) -> Iterator[Json]:
        """Hits of one moment, from the first to the last wanted one; those skipped stay there.

        The first is the first of all, or the one behind a hit that had the values ``after``.
        """
        with self._moment(kind, after) as held:
            while offset + limit > 0:
                size = min(offset, WINDOW) if offset else min(limit, CHUNK)
                hits = held.next(query, sort, size, source=not offset)
                if offset:
                    offset -= len(hits)
                else:
                    limit -= len(hits)
                    yield from hits
                if len(hits) < size:
                    return

    def walk_folded(self, query: Query, sort: list[Json], offset: int, limit: int) -> list[Json]:
        """The same for articles of which each story has one hit; they come with their records."""
        hits: list[Json] = []
        with self._moment("articles") as held:
            while len(hits) < offset + limit:
                more = held.next(query, sort, WINDOW, source=False, stories=True)
                hits = first_of_each([*hits, *more], [_story(hit) for hit in [*hits, *more]])
                if len(more) < WINDOW:
                    break
        shown = hits[offset : offset + limit]
        ids = {"ids": {"values": [hit["_id"] for hit in shown]}}
        answer = self.ask("articles", ids, size=len(shown)) if shown else {"hits": {"hits": []}}
        records = {one["_id"]: one["_source"] for one in answer["hits"]["hits"]}
        return [hit | {"_source": records[hit["_id"]]} for hit in shown if hit["_id"] in records]

    def _moment(self, kind: Kind, after: list[Any] | None = None) -> "_Moment":
        return _Moment(self._client, self._names.read(kind), after)


class _Moment:
    """The index as it is now, gone through from hit to hit."""

    def __init__(self, client: Elasticsearch, index: str, after: list[Any] | None) -> None:
        self._client = client
        self._index = index
        self._id = ""
        self._after = after

    def __enter__(self) -> "_Moment":
        opened = self._client.open_point_in_time(index=self._index, keep_alive=KEEP_ALIVE)
        self._id = whole(opened.body, "id")["id"]
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.options(ignore_status=404).close_point_in_time(id=self._id)

    def next(
        self, query: Query, sort: list[Json], size: int, *, source: bool, stories: bool = False
    ) -> list[Json]:
        found = self._client.search(
            query=query,
            size=size,
            sort=sort,
            search_after=self._after,
            pit={"id": self._id, "keep_alive": KEEP_ALIVE},
            source={"includes": ["record"]} if source else False,
            docvalue_fields=[{"field": "story"}] if stories else None,
            timeout=f"{SERVER_SECONDS}s",
        )
        answer = whole(found.body, "hits", "_shards", "pit_id")
        if answer.get("timed_out") or answer["_shards"]["failed"]:
            raise TryLater("index cannot answer for all of its parts now")
        self._id = answer["pit_id"]
        hits: list[Json] = answer["hits"]["hits"]
        if hits:
            self._after = hits[-1]["sort"]
        return hits


def whole(body: Any, *keys: str) -> Json:
    """An answer that has what it must have; something between us and the server may make others."""
    if not isinstance(body, dict) or not all(key in body for key in keys):
        raise TryLater("index cannot be read: the answer is none to the question")
    return body


def total_of(answer: Json) -> int:
    total: int = answer["hits"]["total"]["value"]
    return total


def _story(hit: Json) -> int:
    story: int = hit["fields"]["story"][0]
    return story
