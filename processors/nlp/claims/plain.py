"""A sentence as the parser gets it: names and sums of money in the plainest words there are.

The parser has never met ``Qwen3-235B-A22B`` or ``HK$46.123bn``, and reads a sentence with them
another way than the same sentence with ``Google`` and ``$5 million``. So it gets the latter, and
reads alike what is said alike, whoever it is about and however a figure is written.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from spacy.tokens import Doc, Span, Token

from processors.records import EntityType

type _Stretch = tuple[int, int, tuple[str, ...]]
_SUM = ("$", "5", "million")
_STANDS: dict[EntityType, str] = {
    "company": "Google",
    "lab": "Google",
    "fund": "Google",
    "agency": "Google",
    "other": "Google",
    "person": "Smith",
    "country": "China",
    "model": "Gemini",
    "product": "Chrome",
    "chip": "Blackwell",
}


@dataclass(frozen=True)
class Plain:
    """A parsed sentence, and where in the sentence as written each of its tokens stands."""

    doc: Doc
    starts: list[int]
    ends: list[int]

    def token_at(self, offset: int) -> Token:
        """The token at an offset of the sentence, or the one before it."""
        return self.doc[max(0, bisect_right(self.starts, offset) - 1)]

    def root_of(self, start: int, end: int) -> Token:
        """The head token of a stretch of the sentence."""
        first = min(bisect_right(self.ends, start), len(self.doc) - 1)
        after = max(bisect_left(self.starts, end), first + 1)
        return self.doc[first:after].root


def plain(
    span: Span, names: Sequence[tuple[int, int, EntityType]], sums: Sequence[tuple[int, int]]
) -> Plain:
    """``span`` in plain words; ``names`` and ``sums`` by their offsets in it, in order."""
    at = span.start_char
    words: list[_Stretch] = [(start, end, (_STANDS[kind],)) for start, end, kind in names]
    words += [(start, end, _SUM) for start, end in sums]
    pieces = list(_pieces(span, sorted(words)))
    vocab = span.doc.vocab
    doc = Doc(vocab, [p.word for p in pieces], [p.space for p in pieces])
    # The tokenizer's norms of contractions (``n't``: ``not``), which the model reads.
    norms: Any = np.array([[p.norm or vocab[p.word].norm] for p in pieces], np.uint64)
    doc.from_array(["NORM"], norms)
    return Plain(doc, [p.start - at for p in pieces], [p.end - at for p in pieces])


@dataclass(frozen=True, slots=True)
class _Piece:
    word: str
    space: bool
    start: int
    end: int
    norm: int = 0


def _pieces(span: Span, words: list[_Stretch]) -> Iterator[_Piece]:
    """The tokens of a sentence with some stretches of it replaced; overlaps go to the first."""
    at, tokens = span.start_char, list(span)
    i = 0
    for start, end, instead in [
        *((s + at, e + at, w) for s, e, w in words),
        (span.end_char, span.end_char, ()),
    ]:
        while i < len(tokens) and tokens[i].idx < start:
            yield _own(tokens[i])
            i += 1
        first = i
        while i < len(tokens) and tokens[i].idx < end:
            i += 1
        if first < i:
            space = bool(tokens[i - 1].whitespace_)
            for number, word in enumerate(instead):
                last = number == len(instead) - 1
                yield _Piece(word, space if last else word != "$", start, end)
    yield from map(_own, tokens[i:])


def _own(token: Token) -> _Piece:
    return _Piece(
        token.text, bool(token.whitespace_), token.idx, token.idx + len(token), token.norm
    )
