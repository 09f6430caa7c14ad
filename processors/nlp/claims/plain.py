"""A sentence as the parser gets it: names and sums of money in the plainest words there are.

The parser has never met ``Qwen3-235B-A22B`` or ``HK$46.123bn``, and reads a sentence with them
another way than the same sentence with ``Google`` and ``$5 million``. So it gets the latter, and
reads alike what is said alike, whoever it is about and however a figure is written.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from spacy.attrs import NORM  # type: ignore[import-not-found]
from spacy.tokens import Doc, Span, Token

from processors.records import EntityType

type _Stretch = tuple[int, int, tuple[str, ...]]
type _Piece = tuple[str, bool, int, int, int]
"""A word, whether a blank follows it, where it stands in the text, and its norm."""
_START = itemgetter(2)
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
    vocab = span.doc.vocab
    pieces = list(_pieces(span, sorted(words)))
    texts, spaces, starts, ends, norms = (list(column) for column in zip(*pieces, strict=True))
    doc = Doc(vocab, texts, spaces)
    # The tokenizer's norms of contractions (``n't``: ``not``), which the model reads.
    column: Any = np.array(norms, np.uint64)[:, None]
    doc.from_array([NORM], column)
    return Plain(doc, [start - at for start in starts], [end - at for end in ends])


def _pieces(span: Span, words: list[_Stretch]) -> Iterator[_Piece]:
    """The tokens of a sentence with some stretches of it replaced; overlaps go to the first."""
    at, vocab = span.start_char, span.vocab
    tokens: list[_Piece] = [
        (t.text, bool(t.whitespace_), t.idx, t.idx + len(t), t.norm) for t in span
    ]
    i = 0
    for start, end, instead in ((s + at, e + at, w) for s, e, w in words):
        first = bisect_left(tokens, start, i, key=_START)
        yield from tokens[i:first]
        i = bisect_left(tokens, end, first, key=_START)
        if first < i:
            space = tokens[i - 1][1]
            for number, word in enumerate(instead):
                last = number == len(instead) - 1
                yield word, space if last else word != "$", start, end, vocab[word].norm
    yield from tokens[i:]
