"""Sentences as pieces of words, and the targets in them: what the accurate model reads."""

from collections.abc import Sequence

import numpy as np

from processors.nlp.mood import pieces
from processors.nlp.mood.port import TargetContext
from processors.nlp.mood.words import LONGEST_TARGET, Targets

LONGEST = 128
"""Pieces that are read of a sentence; of a longer one, a stretch round the target."""
_STRIDE = 32

type Passage = tuple[int, ...]


def read_passages(contexts: Sequence[TargetContext]) -> tuple[list[Passage], Targets]:
    """Each passage once, and every target's place in all passages written one after the other."""
    known: dict[tuple[int, int, int], tuple[int, int]] = {}
    tokens: dict[tuple[int, int], list[tuple[int, ...]]] = {}
    passages: list[Passage] = []
    places = []
    at = 0
    for context in contexts:
        sentence = (id(context.doc), context.first)
        if sentence not in tokens:
            words = context.doc[context.first : context.last]
            tokens[sentence] = [pieces.split(token.text) for token in words]
        split = tokens[sentence]
        start = sum(map(len, split[: context.start - context.first]))
        size = sum(map(len, split[context.start - context.first : context.end - context.first]))
        cut = _cut(start, sum(map(len, split)))
        if (*sentence, cut) not in known:
            flat = [piece for word in split for piece in word][cut : cut + LONGEST - 2]
            passages.append((pieces.START, *flat, pieces.END))
            known[*sentence, cut] = at, len(passages[-1])
            at += len(passages[-1])
        row, length = known[*sentence, cut]
        first = row + 1 + min(start - cut, length - 2)
        last = min(first + max(1, min(size, LONGEST_TARGET)), row + length)
        places.append((row, row + length, first, last))
    return passages, Targets(*np.array(places, np.int64).reshape(-1, 4).T)


def _cut(start: int, total: int) -> int:
    """Where the stretch begins; the same for targets that stand near each other."""
    if total <= LONGEST - 2:
        return 0
    return max(0, (start - LONGEST // 2) // _STRIDE * _STRIDE)
