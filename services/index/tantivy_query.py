"""The few shapes of which every tantivy query is built; no text of a user is ever parsed."""

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from tantivy import FieldType, Occur, Query

from processors.query.tree import Compare
from services.index.tantivy_schema import schema


def term(field: str, value: str | int) -> Query:
    return Query.term_query(schema(), field, value, "basic")


def phrase(field: str, words: Sequence[str]) -> Query:
    """Terms that follow one another."""
    if len(words) == 1:
        return term(field, words[0])
    return Query.phrase_query(schema(), field, list(words))


def near(field: str, words: Sequence[str], gap: int) -> Query:
    """Any two of the terms within so many others, in either order."""
    pairs = (
        either(
            Query.phrase_query(schema(), field, [one, other], slop=gap),
            Query.phrase_query(schema(), field, [other, one], slop=gap),
        )
        for one, other in combinations(words, 2)
    )
    return both(*pairs)


def begins(field: str, start: str) -> Query:
    """Some term of the field begins so."""
    return Query.fuzzy_term_query(schema(), field, start, distance=0, prefix=True)


def compared(
    field: str, kind: Literal["integer", "float"], compare: Compare, value: float
) -> Query:
    """A value of the field lies on the right side of the bound."""
    return Query.range_query(
        schema(),
        field,
        FieldType.Integer if kind == "integer" else FieldType.Float,
        value if compare in (">", ">=", "=") else None,
        value if compare in ("<", "<=", "=") else None,
        include_lower=compare != ">",
        include_upper=compare != "<",
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
