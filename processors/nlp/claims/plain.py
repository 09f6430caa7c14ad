"""A sentence as the parser gets it: names and sums of money in the plainest words there are.

The parser has never met ``Qwen3-235B-A22B`` or ``HK$46.123bn``, and reads a sentence with them
another way than the same sentence with ``Google`` and ``$5 million``. So it gets the latter, and
reads alike what is said alike, whoever it is about and however a figure is written.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
from spacy.tokens import Doc, Span, Token

from processors.nlp.parts import doc_of, tokens_of
from processors.records import EntityType

type _Stretch = tuple[int, int, tuple[str, ...]]
_START = itemgetter(3)
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
    pieces = np.array([*_pieces(span, sorted(words))], np.uint64)
    starts, ends = pieces[:, 3], pieces[:, 3] + pieces[:, 4]
    doc = doc_of(span.doc.vocab, pieces)
    return Plain(doc, (starts - np.uint64(at)).tolist(), (ends - np.uint64(at)).tolist())


def _pieces(span: Span, words: list[_Stretch]) -> Iterator[list[int]]:
    """The tokens of a sentence with some stretches of it replaced; overlaps go to the first.

    Each as in ``tokens_of``; a word that stands for several tokens has the place of all of them.
    """
    at, vocab = span.start_char, span.vocab
    tokens: list[list[int]] = tokens_of(span.doc)[span.start : span.end].tolist()
    i = 0
    for start, end, instead in ((s + at, e + at, w) for s, e, w in words):
        first = bisect_left(tokens, start, i, key=_START)
        yield from tokens[i:first]
        i = bisect_left(tokens, end, first, key=_START)
        if first < i:
            space = tokens[i - 1][1]
            for number, word in enumerate(instead):
                last = number == len(instead) - 1
                known = vocab[word]
                blank = space if last else word != "$"
                yield [known.orth, int(blank), known.norm, start, end - start]
    yield from tokens[i:]
