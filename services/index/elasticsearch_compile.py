"""The query tree in Elasticsearch's query DSL, built of its own words: no user text is parsed.

What is not for the order of hits stands under ``filter``. Nothing here counts among the searches
that ``search.allow_expensive_queries: false`` forbids.
"""

from collections.abc import Callable, Sequence
from math import inf, nextafter
from typing import Any, Literal

from processors.query.terms import terms
from processors.query.tree import (
    All,
    And,
    ClaimIs,
    EntityIs,
    Node,
    Not,
    Or,
    Published,
    SourceIs,
    Usd,
    Words,
)
from services.index.documents import END, id_keys, micros
from services.index.elasticsearch_schema import ANY
from services.index.relevance import weighed
from services.index.shallow import shallow

Kind = Literal["article", "claim"]
Query = dict[str, Any]
ArticlesOf = Callable[[Query], list[str]]
"""The ids of the articles to which the claims of a query belong."""

NOTHING: Query = {"match_none": {}}
EVERYTHING: Query = {"match_all": {}}


class Compiler:
    """Compiles a tree for the articles' index or for the claims' index."""

    def __init__(self, kind: Kind, articles_of: ArticlesOf) -> None:
        self._kind = kind
        self._articles_of = articles_of

    def query(self, node: Node) -> Query:
        """The documents that the tree matches, all alike."""
        return silent(self._node(shallow(node)))

    def ordered(self, node: Node) -> Query:
        """The same with scores, as ``relevance`` has them."""
        weights = [
            {"constant_score": {"filter": _phrase(field, words), "boost": weight}}
            for field, words, weight in weighed(node)
        ]
        return {"bool": {**self.query(node)["bool"], "should": weights}}

    def _node(self, node: Node) -> Query:  # noqa: PLR0911 - one return a kind of node
        match node:
            case All():
                return EVERYTHING
            case Words(terms=words):
                return either(*(_phrase(field, words) for field in ("title", "body")))
            case EntityIs(text=text):
                return _named("entity", text, "entity_name", END)
            case SourceIs(text=text):
                return _named("source", text, "site_name")
            case Published():
                return _published(node)
            case ClaimIs():
                return self._claim(node)
            case And(parts=parts):
                return {"bool": {"filter": [self._node(part) for part in parts]}}
            case Or(parts=parts):
                return either(*(self._node(part) for part in parts))
            case Not(part=part):
                return {"bool": {"must_not": [self._node(part)]}}

    def _claim(self, node: ClaimIs) -> Query:
        if self._kind == "claim":
            return _one_claim(node)
        if not node.usd:
            return _of_claim_kind(node.kind)
        field = node.kind or ANY
        stated = {bound.amount for bound in node.usd if bound.compare == "="}
        if not stated:
            return _spanning(f"usd_span.{field}", node.usd)
        if len(node.usd) == 1:
            return {"term": {f"usd.{field}": stated.pop()}}
        # One claim that states this very figure and meets another bound with its other figure:
        # which claims do is a question to the claims' own documents.
        return {"ids": {"values": self._articles_of(_one_claim(node))}}


def silent(query: Query) -> Query:
    """A filter: it matches and adds nothing to the score."""
    return {"bool": {"filter": [query]}}


def either(*queries: Query) -> Query:
    if not queries:
        return NOTHING
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _phrase(field: str, words: Sequence[str]) -> Query:
    """Words that follow one another. The field's analyser only splits at the spaces."""
    if len(words) == 1:
        return {"term": {f"terms.{field}": words[0]}}
    return {"match_phrase": {f"terms.{field}": " ".join(words)}}


def _named(id_field: str, text: str, name_field: str, *end: str) -> Query:
    """By id as typed or in lower case, or by the terms of a name (with its end, if given)."""
    ways: list[Query] = [{"terms": {id_field: list(id_keys(text))}}]
    if found := terms(text):
        ways.append(_phrase(name_field, (*found, *end)))
    return either(*ways)


def _published(node: Published) -> Query:
    bounds = {}
    if node.after is not None:
        bounds["gte"] = micros(node.after)
    if node.before is not None:
        bounds["lt"] = micros(node.before)
    return {"range": {"time": bounds}} if bounds else EVERYTHING


def _one_claim(node: ClaimIs) -> Query:
    """Of a claim's own document: its kind and every bound."""
    return {
        "bool": {
            "filter": [_of_claim_kind(node.kind), *(_bound(f"usd.{ANY}", b) for b in node.usd)]
        }
    }


def _of_claim_kind(kind: str | None) -> Query:
    return {"exists": {"field": "claim_kind"}} if kind is None else {"term": {"claim_kind": kind}}


def _bound(field: str, bound: Usd) -> Query:
    """One of the figures in a field lies on the right side of the bound."""
    if bound.compare == "=":
        return {"term": {field: bound.amount}}
    name = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}[bound.compare]
    return {"range": {field: {name: bound.amount}}}


def _spanning(field: str, bounds: Sequence[Usd]) -> Query:
    """One claim meets all these bounds: its largest figure the lower, its smallest the upper ones.

    The field has each claim's figures as one range. It meets both when it reaches into the window
    between them, or, when they leave no window, when it reaches over the gap.
    """
    least, most = None, None
    for bound in bounds:
        match bound.compare:
            case ">" | ">=":
                low = nextafter(bound.amount, inf) if bound.compare == ">" else bound.amount
                least = low if least is None else max(least, low)
            case _:
                high = nextafter(bound.amount, -inf) if bound.compare == "<" else bound.amount
                most = high if most is None else min(most, high)
    if least is not None and most is not None and least > most:
        return {"range": {field: {"gte": most, "lte": least, "relation": "contains"}}}
    window = {"gte": least, "lte": most}
    given = {name: value for name, value in window.items() if value is not None}
    return {"range": {field: {**given, "relation": "intersects"}}}
