"""Counts beside a search: how its articles spread over sources, entities, claims… and days."""

from datetime import date
from typing import Any

import tantivy

from services.index import FACETS, DayCount, FacetCount
from services.index.facets import by_label, by_value

LABELS = {"source": "source_label", "entity": "entity_label", "section": "section_label"}
VALUES = {"claim": "claim_kind", "language": "language"}
_EXACT = 65_000
"""Values counted in each segment before any is left out."""
_MOST = 2_000
"""Values that are looked at: many times what is shown, for several may be labels of one."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query
) -> tuple[dict[str, tuple[FacetCount, ...]], tuple[DayCount, ...]]:
    """The facets of all articles that match, and how many each day has."""
    if not searcher.num_docs:
        return dict.fromkeys(FACETS, ()), ()
    fields = [*LABELS.values(), *VALUES.values(), "day"]
    wanted = {
        field: {
            "terms": {
                "field": field,
                "size": _EXACT if field == "day" else _MOST,
                "segment_size": _EXACT,
            }
        }
        for field in fields
    }
    answer = searcher.aggregate(query, wanted)
    counts = {field: _counts(answer[field]["buckets"]) for field in fields}
    found = {name: by_label(name, counts[field]) for name, field in LABELS.items()}
    found |= {name: by_value(name, counts[field]) for name, field in VALUES.items()}
    days = (DayCount(date.fromordinal(int(day)), n) for day, n in sorted(counts["day"]))
    return {name: found[name] for name in FACETS}, tuple(days)


def _counts(buckets: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
