"""Counts beside a search: how its articles spread over sources, entities, claims and months."""

from typing import Any

import tantivy

from services.index import FACETS, FacetCount
from services.index.facets import chosen, facet, names_of

FIELDS = {"source": "source", "entity": "entity", "claim": "claim_kind", "month": "month"}
LABELS = {"source": "source_label", "entity": "entity_label"}
_EXACT = 65_000
"""Values counted in each segment before any is left out."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query
) -> dict[str, tuple[FacetCount, ...]]:
    """The facets of all articles that match."""
    if not searcher.num_docs:
        return dict.fromkeys(FACETS, ())
    fields = [*FIELDS.values(), *LABELS.values()]
    wanted = {
        field: {"terms": {"field": field, "size": 1000, "segment_size": _EXACT}} for field in fields
    }
    answer = searcher.aggregate(query, wanted)
    counts = {field: _counts(answer[field]["buckets"]) for field in fields}
    found = {name: chosen(name, counts[field]) for name, field in FIELDS.items()}
    labels = {name: names_of(counts[field]) for name, field in LABELS.items()}
    return {name: facet(name, found[name], labels.get(name, {})) for name in FACETS}


def _counts(buckets: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
