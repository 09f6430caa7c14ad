"""Where words stand in a text that is asked for many: it is cut once, by the one analyser.

``services.index.highlight`` is the other way round: one query's words in texts that are seen once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from processors.query.terms import pieces
from processors.query.tree import Near, Prefix, Text, Words
from processors.records import Span

FEW = 10
"""Places of a text for which it does not pay to find all."""
_VISIBLE = re.compile(r"\S+")


class Cut:
    """A text and its terms. All that is asked is answered in a time linear in its length."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._asked = 0
        self._pieces = pieces(text)
        self.terms = [term for piece in self._pieces for term in piece.terms]

    def places(self, sought: Text) -> Iterator[Span]:
        """Where it stands, in order: the phrase, the word that begins so, the words near.

        For ``Near``, the narrowest stretches that have all of the words where they stand together;
        else those of the first two, each of which stands near another one elsewhere.
        """
        match sought:
            case Words(terms=words):
                size = len(words)
                found = _within(self._joined, f" {' '.join(words)} ")
                return (self._span(at, at + size - 1) for at in found)
            case Prefix(start=start):
                return (self._span(at, at) for at in _within(self._forms, f" {start}"))
            case Near(terms=words, gap=gap):
                return (self._span(*ends) for ends in self._near(words, gap))

    def _span(self, first: int, last: int) -> Span:
        """The characters of the terms from one number to another."""
        return Span(start=self._characters(first)[0], end=self._characters(last)[1])

    def _characters(self, number: int) -> tuple[int, int]:
        piece = bisect_right(self._first_terms, number) - 1
        at = self._start(piece)
        start, end = self._pieces[piece].spans[number - self._first_terms[piece]]
        return at + start, at + end

    def _start(self, piece: int) -> int:
        """Where a piece begins. A split up to it is quick; to find where all begin is not."""
        self._asked += 1
        if self._asked > FEW:
            return self._starts[piece]
        return len(self.text) - len(self.text.split(None, piece)[-1])

    @cached_property
    def _joined(self) -> str:
        return f" {' '.join(self.terms)} "

    @cached_property
    def _forms(self) -> str:
        return " " + " ".join(form for piece in self._pieces for form in piece.forms)

    @cached_property
    def _first_terms(self) -> list[int]:
        """The number of the first term of each piece, or of the next term."""
        return list(accumulate([len(piece.terms) for piece in self._pieces], initial=0))[:-1]

    @cached_property
    def _starts(self) -> list[int]:
        return [match.start() for match in _VISIBLE.finditer(self.text)]

    def _near(self, words: Sequence[str], gap: int) -> Iterator[tuple[int, int]]:
        """The first and the last term of each stretch."""
        places = [list(_within(self._joined, f" {word} ")) for word in words]
        if not all(places):
            return
        pairs = [(one, other) for nth, one in enumerate(places) for other in places[:nth]]
        if all(next(_together((one, other), gap), None) for one, other in pairs):
            shown = places if next(_together(places, gap), None) else places[:2]
            yield from _together(shown, gap)


def _within(text: str, part: str) -> Iterator[int]:
    """The numbers of the terms at which a part begins, of a text with a space before each term."""
    at, number, counted = text.find(part), 0, 0
    while at >= 0:
        number += text.count(" ", counted, at)
        counted = at
        yield number
        at = text.find(part, at + 1)


def _together(places: Sequence[Sequence[int]], gap: int) -> Iterator[tuple[int, int]]:
    """The stretches that have one of each of the places, with ``gap`` others inside at most."""
    last = [-1] * len(places)
    order = sorted((place, nth) for nth, here in enumerate(places) for place in here)
    for place, nth in order:
        last[nth] = place
        first = min(last)
        if first >= 0 and place - first - 1 <= gap:
            yield first, place
