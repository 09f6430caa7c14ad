"""The query tree as queries of an engine: one compiler, over the few shapes that an engine has."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from processors.query import tree
from processors.query.terms import terms
from processors.query.values import days
from services.index.documents import END, id_keys, key, micros, mood_cells, number_of

Kind = Literal["article", "claim"]
Terms = tuple[str, ...]


class Shapes[Query](Protocol):
    """What an engine's queries are built of. No text of a user is ever parsed by an engine."""

    def everything(self) -> Query: ...

    def term(self, field: str, value: str) -> Query:
        """The field has this key."""

    def number(self, field: str, value: int) -> Query:
        """The field has this number of 64 bits."""

    def has(self, field: str) -> Query:
        """The field has any value."""

    def phrase(self, field: str, words: Terms) -> Query:
        """Terms that follow one another."""

    def near(self, field: str, words: Terms, gap: int) -> Query:
        """Any two of the terms within so many others, in either order."""

    def begins(self, field: str, start: str) -> Query:
        """Some term of the field begins so."""

    def compared(self, field: str, compare: tree.Compare, value: float) -> Query:
        """A value of the field lies on the right side of the bound."""

    def published(self, after: int | None, before: int | None) -> Query:
        """From ``after`` on and up to but without ``before``: microseconds since 1970."""

    def ends(self, field: str, words: Terms, behind: Terms) -> Query:
        """The field has a name that ends with these terms, and right behind it these marks."""

    def identified(self, field: str, id: str, behind: Terms) -> Query:
        """The field has the name of this id, and right behind it these marks."""

    def made(self, claim: tree.ClaimIs) -> Query | None:
        """The articles that make such a claim, as far as their own fields tell; else None."""

    def both(self, *queries: Query, without: Sequence[Query] = ()) -> Query:
        """All of these, everything when there are none; and not one of the others."""

    def either(self, *queries: Query) -> Query: ...


class Compiler[Query]:
    """Compiles a tree for one kind of document.

    ``making`` gives the articles that make such a claim. It is asked where an article must have
    one claim that meets several conditions: which claims do is a question to the claims' own
    documents.
    """

    def __init__(
        self, shapes: Shapes[Query], kind: Kind, making: Callable[[tree.ClaimIs], Query]
    ) -> None:
        self._shapes = shapes
        self._kind = kind
        self._making = making

    def node(self, node: tree.Node) -> Query:
        match node:
            case tree.And(parts=parts):
                met, barred = self.clauses(parts)
                return self._shapes.both(*met, without=barred)
            case tree.Or(parts=parts):
                return self._shapes.either(*map(self.node, parts))
            case tree.Not(part=part):
                return self._shapes.both(without=[self.node(part)])
            case tree.ClaimIs():
                return self._claim(node)
            case tree.Words() | tree.Near() | tree.Prefix():
                return self._text(node)
            case leaf:
                return self._filter(leaf)

    def clauses(self, parts: Sequence[tree.Node]) -> tuple[list[Query], list[Query]]:
        """What all must be met, and what none."""
        met = [part for part in _one_stretch(parts) if not isinstance(part, tree.Not)]
        barred = [part.part for part in parts if isinstance(part, tree.Not)]
        return [self.node(part) for part in met], [self.node(part) for part in barred]

    def one_claim(self, node: tree.ClaimIs) -> Query:
        """Of a claim's own document: its kind and every condition."""
        conditions = map(self._condition, node.conditions)
        return self._shapes.both(self._of_kind(node.kind), *conditions)

    def _claim(self, node: tree.ClaimIs) -> Query:
        if self._kind == "claim":
            return self.one_claim(node)
        made = self._shapes.made(node)
        return self._making(node) if made is None else made

    def _of_kind(self, kind: str | None) -> Query:
        return self._shapes.term("claim_kind", kind) if kind else self._shapes.has("claim_kind")

    def _text(self, node: tree.Text) -> Query:
        shapes = self._shapes
        fields = ("title",) if node.where else ("title", "body")
        match node:
            case tree.Words(terms=words):
                return shapes.either(*(shapes.phrase(field, words) for field in fields))
            case tree.Near(terms=words, gap=gap):
                return shapes.either(*(shapes.near(field, words, gap) for field in fields))
            case tree.Prefix(start=start, where=where):
                return shapes.begins("title_forms" if where else "forms", start)

    def _filter(self, node: tree.Node) -> Query:  # noqa: PLR0911 - one return a kind of node
        shapes = self._shapes
        match node:
            case tree.EntityIs(text=text, types=()):
                return shapes.either(*self._ids("entity", text), *self._name("entity_name", text))
            case tree.EntityIs(text=text, types=types):
                ways = (self._named("entity_name", text, f"{END}{kind}") for kind in types)
                return shapes.either(*ways)
            case tree.MoodIs(text=text, compare=compare, score=score):
                cells = mood_cells(compare, score)
                return shapes.either(*(self._named("mood", text, cell) for cell in cells))
            case tree.SourceIs(text=text):
                found = terms(text)
                by_name = [shapes.phrase("site_name", found)] if found else []
                return shapes.either(*self._ids("source", text), *by_name)
            case tree.AuthorIs(text=text):
                return shapes.either(*self._name("author_name", text))
            case tree.LanguageIs(code=code):
                return shapes.term("language", code)
            case tree.SectionIs(text=text):
                return shapes.term("section", key(" ".join(terms(text))))
            case tree.StoryIs(id=story):
                return shapes.number("story", number_of(story))
            case tree.EventIs(id=event):
                return shapes.number("event", number_of(event))
            case tree.Original():
                return shapes.term("original", "yes")
            case tree.Published():
                return shapes.published(_micros(node.after), _micros(node.before))
            case _:
                return shapes.everything()

    def _ids(self, field: str, text: str) -> list[Query]:
        return [self._shapes.term(field, id) for id in id_keys(text)]

    def _name(self, field: str, text: str, *behind: str) -> list[Query]:
        """By the terms that end a name."""
        found = terms(text)
        return [self._shapes.ends(field, found, behind)] if found else []

    def _named(self, field: str, text: str, *behind: str) -> Query:
        """By id as typed or in lower case, or by the terms that end a name."""
        ids = [self._shapes.identified(field, id, behind) for id in id_keys(text)]
        return self._shapes.either(*ids, *self._name(field, text, *behind))

    def _condition(self, condition: tree.Condition) -> Query:
        match condition:
            case tree.Amount(unit=unit, compare=compare, value=value):
                return self._shapes.compared(unit, compare, value)
            case tree.Dated():
                return self._dated(condition)
            case tree.PartyIs(role=role, text=text):
                return self._named(role, text)
            case tree.ModalityIs(modality=modality):
                return self._shapes.term("modality", modality)
            case tree.BoundIs(bound=bound):
                return self._shapes.term("bound", bound)

    def _dated(self, node: tree.Dated) -> Query:
        compared = self._shapes.compared
        stretch = days(node.date)
        if stretch is None:
            return self._shapes.either()
        first, last = stretch[0].toordinal(), stretch[1].toordinal()
        match node.compare:
            case "<":
                return compared("last_day", "<", first)
            case "<=":
                return compared("last_day", "<=", last)
            case ">":
                return compared("first_day", ">", last)
            case ">=":
                return compared("first_day", ">=", first)
            case "=":
                return self._shapes.both(
                    compared("first_day", "<=", last), compared("last_day", ">=", first)
                )


def _micros(when: datetime | None) -> int | None:
    return None if when is None else micros(when)


def _one_stretch(parts: Sequence[tree.Node]) -> list[tree.Node]:
    """All times that must be met together as one: half of a stretch may be half of all articles."""
    times = [part for part in parts if isinstance(part, tree.Published)]
    if len(times) < 2:
        return list(parts)
    after = max((time.after for time in times if time.after is not None), default=None)
    before = min((time.before for time in times if time.before is not None), default=None)
    rest = [part for part in parts if not isinstance(part, tree.Published)]
    return [*rest, tree.Published(after, before)]
