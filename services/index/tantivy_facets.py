"""Counts beside a search: how its articles spread over sources, entities, claims and months."""

import tantivy

from services.index import FACETS, FacetCount
from services.index.documents import BETWEEN
from services.index.facets import chosen, facet, usual_name

FIELDS = {"source": "source", "entity": "entity", "claim": "claim_kind", "month": "month"}
LABELS = {"source": "source_label", "entity": "entity_label"}
_EXACT = 65_000
"""Values counted in each segment before any is left out."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query
) -> dict[str, tuple[FacetCount, ...]]:
    """The facets of all articles that match."""
    wanted = {
        name: {"terms": {"field": FIELDS[name], "size": 1000, "segment_size": _EXACT}}
        for name in FACETS
    }
    if not searcher.num_docs:
        return dict.fromkeys(FACETS, ())
    answer = searcher.aggregate(query, wanted)
    return {name: _facet(searcher, name, answer[name]["buckets"]) for name in FACETS}


def _facet(
    searcher: tantivy.Searcher, name: str, buckets: list[dict[str, object]]
) -> tuple[FacetCount, ...]:
    counts = chosen(name, ((str(one["key"]), int(str(one["doc_count"]))) for one in buckets))
    names = {}
    if name in LABELS:
        names = {value: _named(searcher, LABELS[name], value) for value, _ in counts}
    return facet(name, counts, names)


def _named(searcher: tantivy.Searcher, field: str, value: str) -> str:
    return usual_name(value, searcher.terms_with_prefix(field, value + BETWEEN))
