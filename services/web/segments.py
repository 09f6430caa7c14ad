"""Text cut at every edge of the marks that lie on it, so that marks may overlap freely."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from processors.records import Span


class Segment[T](NamedTuple):
    """A stretch of text under one set of marks, the innermost (shortest) mark last."""

    text: str
    marks: tuple[T, ...]


def segments[T](text: str, spans: Sequence[tuple[int, int, T]]) -> list[Segment[T]]:
    """Cut ``text`` so that each piece lies wholly inside or outside of every span.

    Spans are (start, end, mark) in characters, in any order; what reaches over the text's edges
    is clipped, and an empty or inverted span is ignored. The pieces join to ``text``.
    """
    size = len(text)
    clipped = [(max(0, s), min(size, e), mark) for s, e, mark in spans]
    waiting = sorted((s, -e, at) for at, (s, e, _) in enumerate(clipped) if s < e)
    edges = sorted({0, size, *(s for s, _, _ in waiting), *(-e for _, e, _ in waiting)})
    pieces: list[Segment[T]] = []
    active: list[int] = []
    following = 0
    for start, end in pairwise(edges):
        active = [at for at in active if clipped[at][1] > start]
        while following < len(waiting) and waiting[following][0] == start:
            active.append(waiting[following][2])
            following += 1
        inwards = sorted(active, key=lambda at: (clipped[at][0] - clipped[at][1], at))
        pieces.append(Segment(text[start:end], tuple(clipped[at][2] for at in inwards)))
    return pieces


def highlighted(text: str, marks: Iterable[Span]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether a mark lies on it."""
    spans = [(mark.start, mark.end, True) for mark in marks]
    return [(piece.text, bool(piece.marks)) for piece in segments(text, spans)]
