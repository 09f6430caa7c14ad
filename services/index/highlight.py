"""Where a query's words stand in a text, by the one analyser; the part of a body worth showing."""

import re
from collections.abc import Sequence

import msgspec

from processors.query.terms import Term, analyse, forms
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

    def mark(self, text: str) -> Marked:
        """The whole text with its marks."""
        return Marked(text, _merged(self._places(text)))

    def snippet(self, body: str, summary: str = "") -> Marked:
        """The stretch of the body that shows most of it, else the summary or the start."""
        text = _BLANK.sub(" ", body[:LOOKED_AT])
        places = self._places(text)
        if not places:
            return self.mark(summary) if summary else _cut(text, 0, WIDTH, ())
        chosen = _best(places)
        first, last = chosen[0].start, max(place.end for place in chosen)
        start = max(0, min(first - (WIDTH - (last - first)) // 2, len(text) - WIDTH))
        return _cut(text, min(start, first), max(last, start + WIDTH), _merged(places))

    def _places(self, text: str) -> list[Place]:
        if not self._phrases and not self._starts:
            return []
        found: list[Place] = []
        by_first: dict[str, list[int]] = {}
        for number, phrase in enumerate(self._phrases):
            by_first.setdefault(phrase[0], []).append(number)
        all_terms = analyse(text)
        for at, term in enumerate(all_terms):
            for number in by_first.get(term.term, ()):
                phrase = self._phrases[number]
                if _follows(all_terms, at, phrase):
                    found.append(Place(term.start, all_terms[at + len(phrase) - 1].end, number))
            if self._starts:
                word = "".join(forms(text[term.start : term.end]))
                for number, start in enumerate(self._starts, len(self._phrases)):
                    if word.startswith(start):
                        found.append(Place(term.start, term.end, number))
        return found


def _follows(all_terms: Sequence[Term], at: int, phrase: Phrase) -> bool:
    if at + len(phrase) > len(all_terms):
        return False
    return all(all_terms[at + ahead].term == term for ahead, term in enumerate(phrase))


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
    return Marked(head + text[start:end].rstrip() + tail, marks)
