"""The query tree as tantivy queries, built object by object: no text of a user is ever parsed."""

from collections.abc import Callable
from typing import Literal

import tantivy
from tantivy import FieldType, Occur, Query

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
from services.index.relevance import weighed
from services.index.tantivy_schema import usd_field

Kind = Literal["article", "claim"]
NumbersOf = Callable[[Query], list[int]]
"""The numbers of the articles to which the documents of a query belong."""


class Compiler:
    """Compiles a tree for one kind of document.

    ``numbers_of`` answers a query at once. It is asked where an article must have one claim that
    meets several bounds: which claims do is a question to the claims' own documents.
    """

    def __init__(self, schema: tantivy.Schema, kind: Kind, numbers_of: NumbersOf) -> None:
        self._schema = schema
        self._kind = kind
        self._numbers_of = numbers_of

    def query(self, node: Node) -> Query:
        """The documents of this kind that the tree matches."""
        return both(self.of_kind(self._kind), silent(self._node(node)))

    def ordered(self, node: Node) -> Query:
        """The same with scores, as ``relevance`` has them."""
        weights = (
            (Occur.Should, Query.const_score_query(self._phrase(field, words), weight))
            for field, words, weight in weighed(node)
        )
        return Query.boolean_query([(Occur.Must, self.query(node)), *weights])

    def article(self, article_id: str) -> Query:
        """The one document of an article."""
        return both(self.of_kind("article"), silent(self._term("live", article_id)))

    def of_kind(self, kind: str) -> Query:
        return silent(self._term("kind", kind))

    def _node(self, node: Node) -> Query:  # noqa: PLR0911 - one return a kind of node
        match node:
            case All():
                return Query.all_query()
            case Words():
                return either(*(self._phrase(field, node.terms) for field in ("title", "body")))
            case EntityIs(text=text):
                return self._named("entity", text, "entity_name", END)
            case SourceIs(text=text):
                return self._named("source", text, "site_name")
            case Published():
                return self._published(node)
            case ClaimIs():
                return self._claim(node)
            case And(parts=parts):
                return both(*map(self._node, parts))
            case Or(parts=parts):
                return either(*map(self._node, parts))
            case Not(part=part):
                return but_not(self._node(part))

    def _term(self, field: str, value: str | int) -> Query:
        return Query.term_query(self._schema, field, value, "basic")

    def _phrase(self, field: str, words: tuple[str, ...]) -> Query:
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0], "basic")
        return Query.phrase_query(self._schema, field, list(words))

    def _named(self, id_field: str, text: str, name_field: str, *end: str) -> Query:
        """By id as typed or in lower case, or by the terms of a name (with its end, if given)."""
        ways = [self._term(id_field, id) for id in id_keys(text)]
        if found := terms(text):
            ways.append(self._phrase(name_field, (*found, *end)))
        return either(*ways)

    def _published(self, node: Published) -> Query:
        if node.after is None and node.before is None:
            return Query.all_query()
        after = None if node.after is None else micros(node.after)
        before = None if node.before is None else micros(node.before) - 1
        return Query.range_query(self._schema, "time", FieldType.Integer, after, before)

    def _claim(self, node: ClaimIs) -> Query:
        if self._kind == "claim":
            return self._one_claim(node)
        if not node.usd:
            return self._of_claim_kind(node.kind)
        if len(node.usd) == 1:
            return self._bound(usd_field(node.kind) if node.kind else "usd", node.usd[0])
        numbers = self._numbers_of(both(self.of_kind("claim"), self._one_claim(node)))
        if not numbers:
            return Query.empty_query()
        return Query.term_set_query(self._schema, "number", numbers)

    def _one_claim(self, node: ClaimIs) -> Query:
        """Of a claim's own document: its kind and every bound."""
        bounds = (self._bound("usd", bound) for bound in node.usd)
        return both(self._of_claim_kind(node.kind), *bounds)

    def _of_claim_kind(self, kind: str | None) -> Query:
        return Query.exists_query("claim_kind") if kind is None else self._term("claim_kind", kind)

    def _bound(self, field: str, bound: Usd) -> Query:
        """One of the figures in a field lies on the right side of the bound."""
        low = bound.amount if bound.compare in (">", ">=", "=") else None
        high = bound.amount if bound.compare in ("<", "<=", "=") else None
        return Query.range_query(
            self._schema,
            field,
            FieldType.Float,
            low,
            high,
            include_lower=bound.compare != ">",
            include_upper=bound.compare != "<",
        )


def silent(query: Query) -> Query:
    """A filter: it matches and adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def both(*queries: Query) -> Query:
    if not queries:
        return Query.all_query()
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either(*queries: Query) -> Query:
    if not queries:
        return Query.empty_query()
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def but_not(query: Query) -> Query:
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])
