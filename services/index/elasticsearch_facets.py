"""Counts beside a search: how its articles spread over sources, entities, claims and months."""

from typing import Any

from services.index import FACETS, FacetCount
from services.index.facets import MOST, chosen, facet, names_of

FIELDS = {"source": "source", "entity": "entity", "claim": "claim_kind", "month": "month"}
LABELS = {"source": "source_label", "entity": "entity_label"}
_EXACT = 10_000
"""Values that each shard reports of a facet, so that the sums over several shards are right."""
_BESIDE = 100
"""Labels counted of the articles of one value: its own are among the most frequent."""

Json = dict[str, Any]


def counting() -> Json:
    """The aggregations of a search; the server's order and ours are the same."""
    return {name: _counting(name) for name in FACETS}


def take_facets(answer: Json) -> dict[str, tuple[FacetCount, ...]]:
    """The facets from the answer to such a search."""
    return {name: _facet(name, answer[name]["buckets"]) for name in FACETS}


def _counting(name: str) -> Json:
    how: Json = {
        "terms": {
            "field": FIELDS[name],
            "size": MOST[name],
            "shard_size": _EXACT,
            "order": {"_key": "desc"} if name == "month" else {"_count": "desc"},
            "collect_mode": "breadth_first",
        }
    }
    if name in LABELS:
        how["aggregations"] = {"label": {"terms": {"field": LABELS[name], "size": _BESIDE}}}
    return how


def _facet(name: str, buckets: list[Json]) -> tuple[FacetCount, ...]:
    counts = chosen(name, ((one["key"], one["doc_count"]) for one in buckets))
    names = {one["key"]: _named(one) for one in buckets} if name in LABELS else {}
    return facet(name, counts, names)


def _named(bucket: Json) -> str:
    labels = ((one["key"], one["doc_count"]) for one in bucket["label"]["buckets"])
    value: str = bucket["key"]
    return names_of(labels).get(value, value)
