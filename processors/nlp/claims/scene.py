"""One sentence with all that the claims engine looks at: words, figures, names, grammar."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from spacy.tokens import Doc, Span, Token

from processors.nlp.claims.masks import TYPE_SIGN, compiled, mask
from processors.nlp.quantities import Quantity
from processors.records import EntityType
from processors.records import Span as Place

MAX_FIGURES = 24
"""A sentence with more is a table, and holds no claim for us either."""
MAX_SENTENCE = 1500
"""Characters; a longer sentence is a table or a broken page, and holds no claim for us."""

_TURN = re.compile(r",\s(?:while|but|whereas|and)\s")
_STRONG = re.compile(r"[;—–]|(?<=\w) - (?=\w)|[.!?][\"”’]?(?= )")
_COMMA = re.compile(r",(?=\s)|\(|\)")


@dataclass(frozen=True, slots=True)
class Name:
    """A mention, or a reference that stands for one; offsets in the document."""

    start: int
    end: int
    entity_id: str
    name: str
    type: EntityType
    known: bool
    """In the gazetteer."""
    reference: bool = False


@dataclass(eq=False)
class Scene:
    """A sentence; ``at`` is its first character, and offsets below count from there."""

    doc: Doc
    span: Span
    place: int
    """Its number among the sentences of the text."""
    quantities: list[Quantity]
    names: list[Name]
    earlier: list["Scene"] = field(default_factory=list, repr=False)
    """Up to six sentences before."""
    later: list["Scene"] = field(default_factory=list, repr=False)
    """The sentence after it, if there is one."""
    _places: dict[str, list[tuple[int, int]]] = field(default_factory=dict, repr=False)

    @property
    def at(self) -> int:
        return int(self.span.start_char)

    @cached_property
    def text(self) -> str:
        return str(self.span.text)

    @property
    def sentence(self) -> Place:
        """Where the sentence stands, without the blanks after it."""
        return Place(start=self.at, end=self.at + len(self.text.rstrip()))

    @cached_property
    def masked(self) -> str:
        at = self.at
        figures = [(q.start - at, q.end - at, q.sort) for q in self.quantities]
        names = [
            (n.start - at, n.end - at, TYPE_SIGN[n.type]) for n in self.names if not n.reference
        ]
        return mask(self.text, [*figures, *names])

    @cached_property
    def headline(self) -> bool:
        """Whether the sentence has no full stop, as a title has none."""
        return not self.text.rstrip().endswith((".", "!", "?", "”", '"', "’"))

    def places(self, pattern: str) -> list[tuple[int, int]]:
        """Where a kind's pattern stands in the masked sentence; looked for once."""
        found = self._places.get(pattern)
        if found is None:
            found = [m.span() for m in compiled(pattern).finditer(self.masked)]
            self._places[pattern] = found
        return found

    def token_at(self, offset: int) -> Token | None:
        """The token at an offset of the sentence."""
        found = self.doc.char_span(self.at + offset, self.at + offset + 1, alignment_mode="expand")
        return found[0] if found is not None and len(found) else None

    def root_of(self, start: int, end: int) -> Token | None:
        """The head token of a stretch of the sentence."""
        found = self.doc.char_span(self.at + start, self.at + end, alignment_mode="expand")
        return found.root if found is not None and len(found) else None

    def distance(self, a: tuple[int, int], b: tuple[int, int]) -> float:
        """How far two stretches stand apart: words, more for a comma, far more for a semicolon."""
        if a[0] < b[1] and b[0] < a[1]:
            return 0.0
        low, high = (a[1], b[0]) if a[1] <= b[0] else (b[1], a[0])
        between = self.masked[low:high]
        words = len(between.split())
        strong, commas = len(_STRONG.findall(between)), len(_COMMA.findall(between))
        turns, colons = len(_TURN.findall(between)), between.count(": ")
        return words + 9 * strong + 4 * colons + 3 * turns + 1.5 * commas

    def segment(self, at: int) -> tuple[int, int]:
        """The part of the sentence between semicolons, colons or dashes that holds an offset."""
        start, end = 0, len(self.masked)
        for found in re.finditer(r"[;:—]|\s[–-]\s", self.masked):
            if found.end() <= at:
                start = found.end()
            elif found.start() > at:
                end = found.start()
                break
        return start, end


def chain(token: Token | None, limit: int = 12) -> Iterator[Token]:
    """A token and its heads up to the root of the sentence."""
    for _ in range(limit):
        if token is None:
            return
        yield token
        if token.head.i == token.i:
            return
        token = token.head


def verbs_above(token: Token | None) -> list[Token]:
    """The verbs that govern a token, nearest first."""
    return [
        t for t in chain(token) if t.pos_ in {"VERB", "AUX"} and t.dep_ not in {"aux", "auxpass"}
    ]
