"""One sentence with all that the claims engine looks at: words, figures, names, grammar."""

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AnySet
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Any, Concatenate, cast

from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, Token

from processors.nlp.claims.masks import TYPE_SIGN, compiled, mask
from processors.nlp.claims.needles import Sieve
from processors.nlp.claims.plain import Plain
from processors.nlp.claims.possible import sieve
from processors.nlp.parts import text_of
from processors.nlp.quantities import Quantity
from processors.nlp.roles import Standing, standings
from processors.nlp.runs import plain_letters
from processors.records import EntityType
from processors.records import Span as Place

MAX_FIGURES = 24
"""A sentence with more is a table, and holds no claim for us either."""
MAX_SENTENCE = 1500
"""Characters; a longer sentence is a table or a broken page, and holds no claim for us."""

_UNASKED = object()
_TURN = re.compile(r",\s(?:while|but|whereas|and)\s")
_STRONG = re.compile(r"[;—–]|(?<=\w) - (?=\w)|[.!?][\"”’]?(?= )")
_COMMA = re.compile(r",(?=\s)|\(|\)")
_PARTING = re.compile(r"[;:—]|\s[–-]\s")
_VERB_TAGS = frozenset(map(get_string_id, ("VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "MD")))
"""As numbers, which a token tells at once; of every verb it is asked many times."""


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """A mention, or a reference that stands for one; offsets in the document.

    Equal only to itself: a text makes each once.
    """

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
    """The whole text, without grammar."""
    span: Span
    number: int
    """Its number among the sentences of the text."""
    quantities: list[Quantity]
    names: list[Name]
    earlier: list["Scene"] = field(default_factory=list, repr=False)
    """Up to six sentences before."""
    later: list["Scene"] = field(default_factory=list, repr=False)
    """The sentence after it, if there is one."""
    part: Plain | None = None
    """The sentence by itself with its grammar; None where it is not looked at."""
    answers: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)
    """What ``once`` keeps."""
    _places: dict[str, list[tuple[int, int]]] = field(default_factory=dict, repr=False)
    _roots: dict[tuple[int, int], Token | None] = field(default_factory=dict, repr=False)

    @cached_property
    def at(self) -> int:
        return int(self.span.start_char)

    @cached_property
    def text(self) -> str:
        return text_of(self.doc)[self.at : self.span.end_char]

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
    def lowered(self) -> str:
        return plain_letters(self.masked).lower()

    @cached_property
    def _padded(self) -> str:
        return f" {self.lowered}"

    @cached_property
    def possible(self) -> AnySet[str]:
        """The kinds' patterns that can stand in the sentence, of those that may matter in it."""
        return self._sieve.passed(self.masked)

    @property
    def _sieve(self) -> Sieve:
        return sieve(figures=bool(self.quantities))

    def between(self, start: int, end: int) -> str:
        """The sentence's text from one offset of the document to another."""
        return self.text[max(0, start - self.at) : max(0, end - self.at)]

    @cached_property
    def headline(self) -> bool:
        """Whether the sentence has no full stop, as a title has none."""
        return not self.text.rstrip().endswith((".", "!", "?", "”", '"', "’"))

    @property
    def own_names(self) -> list[Name]:
        """The names without what only stands for one."""
        return [name for name in self.names if not name.reference]

    @cached_property
    def standings(self) -> list[Standing]:
        """How each of the names stands, read off the words: for a sentence without grammar."""
        return standings(self.text, [(n.start - self.at, n.end - self.at) for n in self.names])

    def places(self, pattern: str) -> list[tuple[int, int]]:
        """Where a kind's pattern stands in the masked sentence; looked for once."""
        found = self._places.get(pattern)
        if found is None:
            out = pattern not in self.possible and pattern in self._sieve
            found = [] if out else compiled(pattern).spans(self.masked, self.lowered, self._padded)
            self._places[pattern] = found
        return found

    def place(self, token: Token) -> int:
        """Where a token of the sentence's grammar stands in the text."""
        return self.at + (self.part.starts[token.i] if self.part else 0)

    def extent(self, token: Token) -> tuple[int, int]:
        """Where a token with all that hangs on it stands in the sentence."""
        if self.part is None:
            return 0, 0
        return self.part.starts[token.left_edge.i], self.part.ends[token.right_edge.i]

    def written(self, first: Token, last: Token) -> str:
        """The words from one token of the grammar to another, as the text has them."""
        return self.text[self.part.starts[first.i] : self.part.ends[last.i]] if self.part else ""

    def token_at(self, offset: int) -> Token | None:
        """The token at an offset of the sentence; None where its grammar is not known."""
        return self.part.token_at(offset) if self.part else None

    def root_of(self, start: int, end: int) -> Token | None:
        """The head token of a stretch of the sentence; None where its grammar is not known."""
        if (start, end) not in self._roots:
            self._roots[start, end] = self.part.root_of(start, end) if self.part else None
        return self._roots[start, end]

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
        for before, after in self._partings:
            if after <= at:
                start = after
            elif before > at:
                end = before
                break
        return start, end

    @cached_property
    def _partings(self) -> list[tuple[int, int]]:
        return [found.span() for found in _PARTING.finditer(self.masked)]


def once[**P, R](asked: Callable[Concatenate[Scene, P], R]) -> Callable[Concatenate[Scene, P], R]:
    """Keep what a function says of a scene with the scene: the rules ask the same many times.

    What needs the grammar must not be asked before it is there.
    """

    @wraps(asked)
    def kept(scene: Scene, /, *args: P.args, **named: P.kwargs) -> R:
        key = asked, args, *named.items()
        answer = scene.answers.get(key, _UNASKED)
        if answer is _UNASKED:
            answer = scene.answers[key] = asked(scene, *args, **named)
        return cast("R", answer)

    return kept


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
    return [t for t in chain(token) if is_verb(t) and t.dep_ not in {"aux", "auxpass"}]


def is_verb(token: Token) -> bool:
    """Whether a token is a verb or an auxiliary."""
    return token.tag in _VERB_TAGS
