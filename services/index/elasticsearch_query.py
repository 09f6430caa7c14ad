"""The shapes of Elasticsearch's query DSL, and the order of hits by score.

What is not for the order of hits stands under ``filter``. Beginnings of words (``prefix``) are the
only ones of these that ``search.allow_expensive_queries: false`` forbids.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from processors.query.tree import Amount, ClaimIs, Compare, Node
from services.index.compile import Terms
from services.index.documents import END, id_term
from services.index.elasticsearch_schema import ANY, signed
from services.index.relevance import phrases, weights

Query = dict[str, Any]
_KEYS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


class ElasticsearchShapes:
    """See ``Shapes``. The analyser of the fields of terms only splits at the spaces."""

    def everything(self) -> Query:
        return {"match_all": {}}

    def term(self, field: str, value: str) -> Query:
        return {"term": {field: value}}

    def number(self, field: str, value: int) -> Query:
        return {"term": {field: signed(value)}}

    def has(self, field: str) -> Query:
        return {"exists": {"field": field}}

    def phrase(self, field: str, words: Terms) -> Query:
        if len(words) == 1:
            return {"term": {f"terms.{field}": words[0]}}
        return {"match_phrase": {f"terms.{field}": " ".join(words)}}

    def near(self, field: str, words: Terms, gap: int) -> Query:
        return self.both(
            *(
                {
                    "span_near": {
                        "clauses": [{"span_term": {f"terms.{field}": word}} for word in pair],
                        "slop": gap,
                        "in_order": False,
                    }
                }
                for pair in combinations(words, 2)
            )
        )

    def begins(self, field: str, start: str) -> Query:
        return {"prefix": {f"terms.{field}": {"value": start}}}

    def compared(self, field: str, compare: Compare, value: float) -> Query:
        if compare == "=":
            return {"term": {field: value}}
        return {"range": {field: {_KEYS[compare]: value}}}

    def published(self, after: int | None, before: int | None) -> Query:
        bounds = {"gte": after, "lt": before}
        return {"range": {"time": {key: at for key, at in bounds.items() if at is not None}}}

    def ends(self, field: str, words: Terms, behind: Terms) -> Query:
        return self.phrase(field, (*words, END, *behind))

    def identified(self, field: str, id: str, behind: Terms) -> Query:
        return self.phrase(field, (id_term(id), *behind))

    def made(self, claim: ClaimIs) -> Query | None:
        match claim:
            case ClaimIs(kind=None, conditions=()):
                return self.has("claim_kind")
            case ClaimIs(kind=str(kind), conditions=()):
                return self.term("claim_kind", kind)
            case ClaimIs(conditions=(Amount(unit="usd", compare=compare, value=value),)):
                return self.compared(f"usd.{claim.kind or ANY}", compare, value)
        return None

    def both(self, *queries: Query, without: Sequence[Query] = ()) -> Query:
        parts = {"filter": list(queries), "must_not": list(without)}
        kept = {name: part for name, part in parts.items() if part}
        return {"bool": kept} if kept else self.everything()

    def either(self, *queries: Query) -> Query:
        if not queries:
            return {"match_none": {}}
        return {"bool": {"should": list(queries), "minimum_should_match": 1}}


SHAPES = ElasticsearchShapes()


def silent(query: Query) -> Query:
    """A filter: it matches and adds nothing to the score."""
    return {"bool": {"filter": [query]}}


def scored(query: Query, node: Node) -> Query:
    """The same matches with scores, as ``relevance`` has them."""
    weighed = [
        {"constant_score": {"filter": SHAPES.phrase(field, phrase[1]), "boost": weight}}
        for phrase in phrases(node)
        for field, weight in weights(phrase)
    ]
    return {"bool": {"filter": [query], "should": weighed}}
