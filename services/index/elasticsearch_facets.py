"""Counts beside a search: how its articles spread over sources, entities, claims… and days."""

from datetime import date
from typing import Any

from services.index import FACETS, DayCount, FacetCount
from services.index.facets import by_label, by_value

LABELS = {"source": "source_label", "entity": "entity_label", "section": "section_label"}
VALUES = {"claim": "claim_kind", "language": "language"}
_MOST = 500
"""Values that are looked at: many times what is shown, for several may be labels of one."""
_EXACT = 10_000
"""Values that each shard reports of a facet, so that the sums over several shards are right."""

Json = dict[str, Any]


def counting() -> Json:
    """The aggregations of a search."""
    fields = [*LABELS.values(), *VALUES.values()]
    counts: Json = {
        field: {"terms": {"field": field, "size": _MOST, "shard_size": _EXACT}} for field in fields
    }
    return counts | {"day": {"terms": {"field": "day", "size": _EXACT, "shard_size": _EXACT}}}


def take_facets(answer: Json) -> tuple[dict[str, tuple[FacetCount, ...]], tuple[DayCount, ...]]:
    """The facets and the days from the answer to such a search."""
    found = {name: by_label(name, _counts(answer[field])) for name, field in LABELS.items()}
    found |= {name: by_value(name, _counts(answer[field])) for name, field in VALUES.items()}
    days = (DayCount(date.fromordinal(day), n) for day, n in sorted(_counts(answer["day"])))
    return {name: found[name] for name in FACETS}, tuple(days)


def _counts(aggregation: Json) -> list[tuple[Any, int]]:
    """Without the empty value, which is none."""
    counts = ((bucket["key"], bucket["doc_count"]) for bucket in aggregation["buckets"])
    return [(key, count) for key, count in counts if key != ""]
