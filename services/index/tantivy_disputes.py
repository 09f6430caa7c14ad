"""About what the claims of a tantivy index disagree."""

from typing import Any

import tantivy

from services.index.disputes import MOST_KEYS, apart


def disputed(searcher: tantivy.Searcher, query: tantivy.Query) -> list[str]:
    """The keys (``documents.about``) whose claims do not all meet, most claims first."""
    if not searcher.num_docs:
        return []
    about = {
        "terms": {"field": "about", "size": MOST_KEYS, "segment_size": MOST_KEYS},
        "aggs": {"least": {"max": {"field": "least"}}, "most": {"min": {"field": "most"}}},
    }
    buckets: list[dict[str, Any]] = searcher.aggregate(query, {"about": about})["about"]["buckets"]
    return apart(buckets)
