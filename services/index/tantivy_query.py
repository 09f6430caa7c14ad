"""The shapes of tantivy's queries, and the order of hits by score."""

from itertools import combinations

from tantivy import FieldType, Occur, Query

from processors.query.tree import ClaimIs, Compare, Node
from services.index.compile import Terms
from services.index.documents import INTEGERS, id_term
from services.index.relevance import weighed
from services.index.tantivy_made import Bounded, ask_article
from services.index.tantivy_names import name_key
from services.index.tantivy_schema import schema


class TantivyShapes:
    """See ``Shapes``."""

    def everything(self) -> Query:
        return Query.all_query()

    def term(self, field: str, value: str) -> Query:
        return Query.term_query(schema(), field, value, "basic")

    def number(self, field: str, value: int) -> Query:
        return Query.term_query(schema(), field, value, "basic")

    def has(self, field: str) -> Query:
        return Query.exists_query(field)

    def phrase(self, field: str, words: Terms) -> Query:
        if len(words) == 1:
            return self.term(field, words[0])
        return Query.phrase_query(schema(), field, list(words))

    def near(self, field: str, words: Terms, gap: int) -> Query:
        pairs = (
            self.either(
                Query.phrase_query(schema(), field, [one, other], slop=gap),
                Query.phrase_query(schema(), field, [other, one], slop=gap),
            )
            for one, other in combinations(words, 2)
        )
        return self.both(*pairs)

    def begins(self, field: str, start: str) -> Query:
        return Query.fuzzy_term_query(schema(), field, start, distance=0, prefix=True)

    def compared(self, field: str, compare: Compare, value: float) -> Query:
        return Query.range_query(
            schema(),
            field,
            FieldType.Integer if field in INTEGERS else FieldType.Float,
            value if compare in (">", ">=", "=") else None,
            value if compare in ("<", "<=", "=") else None,
            include_lower=compare != ">",
            include_upper=compare != "<",
        )

    def ends(self, field: str, words: Terms, behind: Terms) -> Query:
        return self.term(field, name_key(" ".join(words), *behind))

    def identified(self, field: str, id: str, behind: Terms) -> Query:
        return self.term(field, name_key(id_term(id), *behind))

    def made(self, claim: ClaimIs) -> Query | None:
        found = ask_article(claim)
        match found:
            case Bounded():
                return self.compared(found.field, found.amount.compare, found.amount.value)
            case str():
                return self.term("made", found)
        return None

    def both(self, *queries: Query) -> Query:
        if not queries:
            return Query.all_query()
        return Query.boolean_query([(Occur.Must, query) for query in queries])

    def either(self, *queries: Query) -> Query:
        if not queries:
            return Query.empty_query()
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def but_not(self, query: Query) -> Query:
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])


SHAPES = TantivyShapes()


def of_kind(kind: str) -> Query:
    """All documents of a kind."""
    return silent(SHAPES.term("kind", kind))


def silent(query: Query) -> Query:
    """A filter: it matches and adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def scored(query: Query, node: Node) -> Query:
    """The same matches with scores, as ``relevance`` has them."""
    weights = (
        (Occur.Should, Query.const_score_query(SHAPES.phrase(field, words), weight))
        for field, words, weight in weighed(node)
    )
    return Query.boolean_query([(Occur.Must, query), *weights])
