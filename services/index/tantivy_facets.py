"""Counts beside a search: how its articles spread over sources, entities, claims and months."""

from collections import Counter
from collections.abc import Callable, Sequence

import tantivy
from msgspec.structs import replace

from processors.figures import kind_words
from services.index import FACETS, FacetCount
from services.index.tantivy_schema import BETWEEN

FIELDS = {"source": "source", "entity": "entity", "claim": "claim_kind", "month": "month"}
MOST = {"source": 100, "entity": 20, "claim": 20, "month": 500}
"""Values shown of each; the most frequent, months the newest."""
_EXACT = 65_000
"""Values counted in each segment before any is left out."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query
) -> dict[str, tuple[FacetCount, ...]]:
    """The facets of all articles that match, most frequent first, months newest first."""
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
    counts = [(str(bucket["key"]), int(str(bucket["doc_count"]))) for bucket in buckets]
    if name == "month":
        counts.sort(reverse=True)
    else:
        counts.sort(key=lambda pair: (-pair[1], pair[0]))
    label = _labels(searcher)[name]
    shown = [FacetCount(value, label(value), n) for value, n in counts[: MOST[name]]]
    return tuple(told_apart(shown))


def told_apart(shown: Sequence[FacetCount]) -> list[FacetCount]:
    """Values that share a label (two feeds of one publisher) show which is which."""
    often = Counter(facet.label for facet in shown)
    return [
        replace(facet, label=f"{facet.label} ({facet.value})") if often[facet.label] > 1 else facet
        for facet in shown
    ]


def _labels(searcher: tantivy.Searcher) -> dict[str, Callable[[str], str]]:
    return {
        "source": lambda value: _named(searcher, "source_label", value),
        "entity": lambda value: _named(searcher, "entity_label", value),
        "claim": kind_words,
        "month": str,
    }


def _named(searcher: tantivy.Searcher, field: str, value: str) -> str:
    """The name under which most documents have an id."""
    found = searcher.terms_with_prefix(field, value + BETWEEN)
    names = [(count, term[len(value + BETWEEN) :]) for term, count in found]
    return max((pair for pair in names if pair[1]), default=(0, value))[1]
