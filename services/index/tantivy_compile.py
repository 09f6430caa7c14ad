"""The query tree as tantivy queries."""

from collections.abc import Callable
from typing import Literal

from tantivy import Occur, Query

from processors.query.terms import terms
from processors.query.tree import (
    Amount,
    And,
    AuthorIs,
    BoundIs,
    ClaimIs,
    Condition,
    Dated,
    EntityIs,
    LanguageIs,
    ModalityIs,
    MoodIs,
    Near,
    Node,
    Not,
    Or,
    Original,
    PartyIs,
    Prefix,
    Published,
    SectionIs,
    SourceIs,
    StoryIs,
    Text,
    Words,
)
from processors.query.values import days
from services.index.documents import END, id_keys, id_term, key, micros, mood_cells, number_of
from services.index.relevance import weighed
from services.index.tantivy_query import (
    begins,
    both,
    but_not,
    compared,
    either,
    near,
    phrase,
    silent,
    term,
)
from services.index.tantivy_schema import schema, usd_field

Kind = Literal["article", "claim"]
NumbersOf = Callable[[ClaimIs], list[int]]
"""The numbers of the articles that make such a claim."""


class Compiler:
    """Compiles a tree for one kind of document.

    ``numbers_of`` is asked where an article must have one claim that meets several conditions:
    which claims do is a question to the claims' own documents.
    """

    def __init__(self, kind: Kind, numbers_of: NumbersOf) -> None:
        self._kind = kind
        self._numbers_of = numbers_of

    def query(self, node: Node) -> Query:
        """The documents of this kind that the tree matches."""
        return both(of_kind(self._kind), silent(self._node(node)))

    def ordered(self, node: Node) -> Query:
        """The same with scores, as ``relevance`` has them."""
        weights = (
            (Occur.Should, Query.const_score_query(phrase(field, words), weight))
            for field, words, weight in weighed(node)
        )
        return Query.boolean_query([(Occur.Must, self.query(node)), *weights])

    def _node(self, node: Node) -> Query:
        match node:
            case And(parts=parts):
                return both(*map(self._node, parts))
            case Or(parts=parts):
                return either(*map(self._node, parts))
            case Not(part=part):
                return but_not(self._node(part))
            case ClaimIs():
                return self._claim(node)
            case Words() | Near() | Prefix():
                return _text(node)
            case leaf:
                return _filter(leaf)

    def _claim(self, node: ClaimIs) -> Query:
        if self._kind == "claim":
            return one_claim(node)
        match node.conditions:
            case ():
                return _of_claim_kind(node.kind)
            case (Amount(unit="usd", compare=compare, value=value),):
                field = usd_field(node.kind) if node.kind else "usd"
                return compared(field, "float", compare, value)
        numbers = self._numbers_of(node)
        return Query.term_set_query(schema(), "number", numbers) if numbers else either()


def of_kind(kind: str) -> Query:
    return silent(term("kind", kind))


def one_article(article_id: str) -> Query:
    """The one document of an article."""
    return both(of_kind("article"), silent(term("live", article_id)))


def one_claim(node: ClaimIs) -> Query:
    """Of a claim's own document: its kind and every condition."""
    return both(_of_claim_kind(node.kind), *map(_condition, node.conditions))


def _text(node: Text) -> Query:
    fields = ("title",) if node.where else ("title", "body")
    match node:
        case Words(terms=words):
            return either(*(phrase(field, words) for field in fields))
        case Near(terms=words, gap=gap):
            return either(*(near(field, words, gap) for field in fields))
        case Prefix(start=start, where=where):
            return begins("title_forms" if where else "forms", start)


def _filter(node: Node) -> Query:  # noqa: PLR0911 - one return a kind of node
    match node:
        case EntityIs(text=text, types=()):
            ids = (term("entity", id) for id in id_keys(text))
            return either(*ids, *_by_name("entity_name", text))
        case EntityIs(text=text, types=types):
            return either(
                *(way for kind in types for way in _named("entity_name", text, f"{END}{kind}"))
            )
        case MoodIs(text=text, compare=compare, score=score):
            cells = mood_cells(compare, score)
            return either(*(way for cell in cells for way in _named("mood", text, cell)))
        case SourceIs(text=text):
            ids = (term("source", id) for id in id_keys(text))
            return either(*ids, *([phrase("site_name", found)] if (found := terms(text)) else []))
        case AuthorIs(text=text):
            return either(*_by_name("author_name", text))
        case LanguageIs(code=code):
            return term("language", code)
        case SectionIs(text=text):
            return term("section", key(" ".join(terms(text))))
        case StoryIs(id=story):
            return term("story", number_of(story))
        case Original():
            return term("original", "yes")
        case Published():
            return _published(node)
        case _:
            return Query.all_query()


def _by_name(field: str, text: str, *behind: str) -> list[Query]:
    """By the terms that end a name."""
    found = terms(text)
    return [phrase(field, (*found, END, *behind))] if found else []


def _named(field: str, text: str, *behind: str) -> list[Query]:
    """By id as typed or in lower case, or by the terms that end a name."""
    ids = [phrase(field, (id_term(id), *behind)) for id in id_keys(text)]
    return [*ids, *_by_name(field, text, *behind)]


def _published(node: Published) -> Query:
    bounds = []
    if node.after is not None:
        bounds.append(compared("time", "integer", ">=", micros(node.after)))
    if node.before is not None:
        bounds.append(compared("time", "integer", "<", micros(node.before)))
    return both(*bounds)


def _of_claim_kind(kind: str | None) -> Query:
    return Query.exists_query("claim_kind") if kind is None else term("claim_kind", kind)


def _condition(condition: Condition) -> Query:
    match condition:
        case Amount(unit=unit, compare=compare, value=value):
            return compared(unit, "float", compare, value)
        case Dated():
            return _dated(condition)
        case PartyIs(role=role, text=text):
            return either(*_named(role, text))
        case ModalityIs(modality=modality):
            return term("modality", modality)
        case BoundIs(bound=bound):
            return term("bound", bound)


def _dated(node: Dated) -> Query:
    stretch = days(node.date)
    if stretch is None:
        return either()
    first, last = stretch[0].toordinal(), stretch[1].toordinal()
    match node.compare:
        case "<":
            return compared("last_day", "integer", "<", first)
        case "<=":
            return compared("last_day", "integer", "<=", last)
        case ">":
            return compared("first_day", "integer", ">", last)
        case ">=":
            return compared("first_day", "integer", ">=", first)
        case "=":
            return both(
                compared("first_day", "integer", "<=", last),
                compared("last_day", "integer", ">=", first),
            )
