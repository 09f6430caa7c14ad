"""Where a query's words stand in a text, by the one analyser; the part of a body worth showing."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from processors.query.terms import Piece, beginnings, piece_around, piece_from
from processors.query.tree import Near, Node, Prefix, Words, sought
from processors.records import Span
from services.index import Marked

WIDTH = 240
"""Characters of a snippet, more or less a word."""
LOOKED_AT = 200_000
"""Characters of a body in which a snippet is looked for."""
_BLANK = re.compile(r"[^\S ]")

Phrase = tuple[str, ...]


class Place(msgspec.Struct, frozen=True, gc=False):
    """An occurrence of a phrase: its characters, and which phrase it is."""

    start: int
    end: int
    phrase: int


class Seeker:
    """Looks in texts for what a query looks for: phrases, words near each other, beginnings."""

    def __init__(self, query: Node) -> None:
        found: dict[Phrase, None] = {}
        starts: dict[str, None] = {}
        for text in sought(query):
            match text:
                case Words(terms=words):
                    found[words] = None
                case Near(terms=words):
                    found.update(((word,), None) for word in words)
                case Prefix(start=start):
                    starts[start] = None
        self._phrases = tuple(found)
        self._starts = tuple(starts)
        sought_first = {*(phrase[0] for phrase in found), *starts}
        self._may_begin = beginnings(sought_first) if sought_first else None

    def mark(self, text: str) -> Marked:
        """The whole text with its marks."""
        return Marked(text, _merged(self._places(text)))

    def snippet(self, body: str, summary: str = "") -> Marked:
        """The stretch of the body that shows most of it, else the summary or the start."""
        text = body[:LOOKED_AT]
        places = self._places(text)
        if not places:
            return self.mark(summary) if summary else _cut(text, 0, WIDTH, ())
        chosen = _best(places)
        first, last = chosen[0].start, max(place.end for place in chosen)
        start = max(0, min(first - (WIDTH - (last - first)) // 2, len(text) - WIDTH))
        return _cut(text, min(start, first), max(last, start + WIDTH), _merged(places))

    def _places(self, text: str) -> list[Place]:
        """In the order of their starts."""
        found: list[Place] = []
        match = self._may_begin.search(text) if self._may_begin else None
        while match and self._may_begin:
            start, end, piece = piece_around(text, match.start())
            found += self._in(text, start, end, piece)
            match = self._may_begin.search(text, end)
        return found

    def _in(self, text: str, at: int, after: int, piece: Piece) -> Iterator[Place]:
        """What begins in one piece; a phrase may end in another."""
        for nth, (start, end) in enumerate(piece.spans):
            for number, phrase in enumerate(self._phrases):
                if piece.terms[nth] == phrase[0]:
                    last = _end_of(phrase, text, (at, after, piece), nth)
                    if last is not None:
                        yield Place(at + start, last, number)
            for number, beginning in enumerate(self._starts, len(self._phrases)):
                if piece.forms[nth].startswith(beginning):
                    yield Place(at + start, at + end, number)


def _end_of(phrase: Phrase, text: str, here: tuple[int, int, Piece] | None, nth: int) -> int | None:
    """Where a phrase ends whose first term is the ``nth`` of a piece; None where it is not."""
    for term in phrase[1:]:
        nth += 1
        while here and nth >= len(here[2].terms):
            here, nth = piece_from(text, here[1]), 0
        if not here or here[2].terms[nth] != term:
            return None
    return here[0] + here[2].spans[nth][1] if here else None


def _best(places: list[Place]) -> list[Place]:
    """The places within one width that show most phrases, then most places, then stand first."""
    best: list[Place] = places[:1]
    score = (0, 0)
    first = 0
    for last, place in enumerate(places):
        while first < last and place.end - places[first].start > WIDTH:
            first += 1
        inside = places[first : last + 1]
        new = (len({place.phrase for place in inside}), len(inside))
        if new > score:
            best, score = inside, new
    return best


def _merged(places: Sequence[Place]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for place in sorted(places, key=lambda place: place.start):
        if spans and place.start <= spans[-1].end:
            end = max(spans[-1].end, place.end)
            spans[-1] = Span(start=spans[-1].start, end=end)
        else:
            spans.append(Span(start=place.start, end=place.end))
    return tuple(spans)


def _cut(text: str, start: int, end: int, spans: Sequence[Span]) -> Marked:
    """``text[start:end]`` moved to word ends, with dots where text was left out."""
    while 0 < start < end and not text[start - 1].isspace() and start > 0:
        start -= 1
    while end < len(text) and not text[end].isspace() and end - start < 2 * WIDTH:
        end += 1
    head, tail = "… " if start > 0 else "", " …" if text[end:].strip() else ""
    shift = len(head) - start
    marks = tuple(
        Span(start=span.start + shift, end=min(span.end, end) + shift)
        for span in spans
        if start <= span.start < end
    )
    return Marked(head + _BLANK.sub(" ", text[start:end].rstrip()) + tail, marks)
