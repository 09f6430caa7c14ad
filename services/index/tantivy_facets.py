"""Counts beside a search: how its articles spread over sources, entities, claims… and days."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import tantivy
from msgspec.structs import replace

from services.index import DayCount, FacetCount
from services.index.documents import KINDS
from services.index.facets import by_label, by_value
from services.index.tantivy_query import ARTICLES
from services.index.tantivy_schema import COUNTED, NONE, PARTS, STORY

Facets = dict[str, tuple[FacetCount, ...]]
ALL_LOOKED_AT = 30_000
"""Articles up to which entities are counted one by one: each has many of them."""
SAMPLE = 10_000
"""Articles that are looked at of more. So a share of 1 % is told to within a fifth of itself."""
MOST_PARTS = PARTS // 4
"""Of a sample: to find the articles of more parts costs more than to look at all."""
_EXACT = 65_000
"""Values counted in each segment before any is left out."""
_MOST = 200
"""Values that are looked at: many times what is shown, for several may be labels of one."""


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query
) -> tuple[Facets, tuple[DayCount, ...]]:
    """The facets of all articles that match but for ``entity``, and how many each day has."""
    counts = _count(searcher, query, *COUNTED)
    found = {
        "source": by_label("source", counts["source_label"]),
        "section": by_label("section", counts["section_label"]),
        "claim": by_value("claim", _apart(counts["kinds"])),
        "language": by_value("language", counts["language"]),
    }
    days = (DayCount(_date(day), n) for day, n in sorted(counts["day"]))
    return found, tuple(days)


def count_entities(searcher: Any, query: tantivy.Query, total: int) -> Facets:
    """The entities of ``total`` articles: counted, or estimated where there are very many."""
    if total <= ALL_LOOKED_AT:
        counts = _count(searcher, query, "entity_label")["entity_label"]
        return {"entity": by_label("entity", counts)}
    parts = min(MOST_PARTS, max(1, PARTS * SAMPLE // total))
    sample = ARTICLES.both(
        query, ARTICLES.either(*(ARTICLES.term("part", str(part)) for part in range(parts)))
    )
    counts = _count(searcher, sample, "entity_label", exact=_MOST)["entity_label"]
    shown = by_label("entity", counts)
    return {"entity": tuple(_scaled(one, PARTS / parts, total) for one in shown)}


def _scaled(found: FacetCount, factor: float, total: int) -> FacetCount:
    return replace(found, count=min(total, rounded(found.count * factor)), about=True)


def count_stories(searcher: Any, stories: Sequence[int]) -> dict[int, int]:
    """How many articles tell each of these stories."""
    if not stories:
        return {}
    asked = ARTICLES.either(*(ARTICLES.number("story", story) for story in set(stories)))
    counts = {"terms": {"field": STORY, "size": len(stories)}}
    buckets = searcher.aggregate(asked, {"stories": counts})["stories"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def rounded(estimate: float) -> int:
    """An estimate to two digits."""
    return int(float(f"{estimate:.2g}"))


@lru_cache(maxsize=10_000)
def _date(day: str) -> date:
    return date.fromordinal(int(day))


def _apart(counts: Iterable[tuple[str, int]]) -> Iterable[tuple[str, int]]:
    """Of sets of kinds, how many articles make claims of each kind."""
    totals = dict.fromkeys(KINDS, 0)
    for kinds, count in counts:
        for kind in _split(kinds):
            totals[kind] += count
    return ((kind, count) for kind, count in totals.items() if count)


@lru_cache(maxsize=10_000)
def _split(kinds: str) -> list[str]:
    return kinds.split()


def _count(
    searcher: tantivy.Searcher, query: tantivy.Query, *fields: str, exact: int = _EXACT
) -> dict[str, list[tuple[str, int]]]:
    """How many articles have each value; of so many in each segment for sure."""
    wanted = {
        field: {"terms": {"field": field, "size": _size(field), "segment_size": exact}}
        for field in fields
    }
    answer = searcher.aggregate(query, wanted) if searcher.num_docs else {}
    return {
        field: [
            (bucket["key"], bucket["doc_count"])
            for bucket in answer.get(field, {"buckets": ()})["buckets"]
            if bucket["key"] != NONE
        ]
        for field in fields
    }


def _size(field: str) -> int:
    """Each day counts; of labels those with the most articles."""
    return _MOST if field.endswith("_label") else _EXACT
