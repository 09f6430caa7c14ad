"""The shapes of tantivy's queries, and the order of hits by score.

Articles and claims stand in one index, so that one commit changes both. What is asked of both has a
field for each (``own_field``): no query need say in addition which kind it means, which would cost
more than most queries do.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

from tantivy import FieldType, Occur, Query

from processors.query.tree import And, ClaimIs, Compare, Node, Or, Words
from services.index.compile import Compiler, Kind, Terms
from services.index.documents import INTEGERS, id_term
from services.index.relevance import Phrase, phrases, weights
from services.index.tantivy_made import Bounded, ask_article
from services.index.tantivy_names import name_key
from services.index.tantivy_schema import SHARED, own_field, schema
from services.index.tantivy_when import Edge, stretch


class TantivyShapes:
    """See ``Shapes``. Every query means documents of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind

    def everything(self) -> Query:
        return Query.term_query(schema(), "kind", self._kind, "basic")

    def term(self, field: str, value: str) -> Query:
        return Query.term_query(schema(), self._own(field), value, "basic")

    def number(self, field: str, value: int) -> Query:
        return Query.term_query(schema(), self._own(field), value, "basic")

    def has(self, field: str) -> Query:
        return Query.exists_query(field)

    def phrase(self, field: str, words: Terms) -> Query:
        if len(words) == 1:
            return self.term(field, words[0])
        return Query.phrase_query(schema(), self._own(field), list(words))

    def near(self, field: str, words: Terms, gap: int) -> Query:
        pairs = (
            self.either(
                Query.phrase_query(schema(), self._own(field), [one, other], slop=gap),
                Query.phrase_query(schema(), self._own(field), [other, one], slop=gap),
            )
            for one, other in combinations(words, 2)
        )
        return self.both(*pairs)

    def begins(self, field: str, start: str) -> Query:
        return Query.fuzzy_term_query(schema(), self._own(field), start, distance=0, prefix=True)

    def compared(self, field: str, compare: Compare, value: float) -> Query:
        return Query.range_query(
            schema(),
            field,
            _type_of(field),
            value if compare in (">", ">=", "=") else None,
            value if compare in ("<", "<=", "=") else None,
            include_lower=compare != ">",
            include_upper=compare != "<",
        )

    def published(self, after: int | None, before: int | None) -> Query:
        whole, edges = stretch(after, before)
        return self.either(*(self.term("when", one) for one in whole), *map(self._within, edges))

    def ends(self, field: str, words: Terms, behind: Terms) -> Query:
        return self.term(field, name_key(" ".join(words), *behind))

    def identified(self, field: str, id: str, behind: Terms) -> Query:
        return self.term(field, name_key(id_term(id), *behind))

    def made(self, claim: ClaimIs) -> Query | None:
        match ask_article(claim):
            case Bounded(field=field, amount=amount):
                return self.compared(field, amount.compare, amount.value)
            case tuple(ways):
                return self.either(*(self.term("made", one) for one in ways))
            case None:
                return None

    def both(self, *queries: Query, without: Sequence[Query] = ()) -> Query:
        if len(queries) == 1 and not without:
            return queries[0]
        parts = [(Occur.Must, query) for query in queries or (self.everything(),)]
        return Query.boolean_query([*parts, *((Occur.MustNot, query) for query in without)])

    def either(self, *queries: Query) -> Query:
        if len(queries) == 1:
            return queries[0]
        if not queries:
            return Query.empty_query()
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def _within(self, edge: Edge) -> Query:
        return self.both(
            self.term("when", edge.day),
            self.compared("time", ">=", edge.after),
            self.compared("time", "<", edge.before),
        )

    def _own(self, field: str) -> str:
        return own_field(self._kind, field) if field in SHARED else field


ARTICLES = TantivyShapes("article")
SHAPES: dict[Kind, TantivyShapes] = {"article": ARTICLES, "claim": TantivyShapes("claim")}


def silent(query: Query) -> Query:
    """A filter: it matches and adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def scored(node: Node, compiler: Compiler[Query]) -> Query:
    """The articles that match, with scores as ``relevance`` has them.

    Words that every match must have, or one of several, are looked up once: what finds the article
    is what weighs it. All else is a filter, and its words add their weights where they stand.
    """
    placed: set[Phrase] = set()
    musts, rest = [], []
    for part in node.parts if isinstance(node, And) else (node,):
        ways = part.parts if isinstance(part, Or) else (part,)
        found = [(way.where, way.terms) for way in ways if isinstance(way, Words)]
        if len(set(found) - placed) == len(ways):
            placed.update(found)
            musts.append(ARTICLES.either(*_weighed(found)))
        else:
            rest.append(part)
    met, barred = compiler.clauses(rest)
    shoulds = _weighed(phrase for phrase in phrases(node) if phrase not in placed)
    return Query.boolean_query(
        [
            *(
                (Occur.Must, must)
                for must in (*musts, *map(silent, met)) or (silent(ARTICLES.everything()),)
            ),
            *((Occur.Should, should) for should in shoulds),
            *((Occur.MustNot, one) for one in barred),
        ]
    )


def _weighed(found: Iterable[Phrase]) -> list[Query]:
    return [
        Query.const_score_query(ARTICLES.phrase(field, phrase[1]), weight)
        for phrase in found
        for field, weight in weights(phrase)
    ]


def _type_of(field: str) -> FieldType:
    if field == "number":
        return FieldType.Unsigned
    return FieldType.Integer if field in INTEGERS else FieldType.Float
