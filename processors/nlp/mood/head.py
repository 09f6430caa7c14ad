"""What both models end with: rows of a sentence and a target in, three logits out.

One layer over each word, its place relative to the target and the mean of the target's own rows;
then the words are pooled by attention and by their largest. It is small, since it runs once a
target, and what is before it once a sentence.
"""

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood.rows import product, softmax
from processors.nlp.mood.weights import Arrays, Shapes
from processors.nlp.mood.words import LONGEST_TARGET, REACH, WIDTH, Floats, Targets

HEADS = 4
_BUCKETS = (16, 24, 32, 48, 2 * REACH + LONGEST_TARGET)
"""A window is padded to the next of these: its own length decides, not that of others."""


def shapes(*, rows: str | int, wide: str | int) -> Shapes:
    """Of a head for rows of length ``rows`` with layers of length ``wide``."""
    return {
        "word": (rows, wide),
        "target": (rows, wide),
        "place": (WIDTH, wide),
        "seen_bias": (wide,),
        "ask": (wide, HEADS),
        "ask_place": (WIDTH, HEADS),
        "hidden": ("pooled", wide),
        "hidden_bias": (wide,),
        "out": (wide, 3),
        "out_bias": (3,),
    }


class Head:
    """A trained head."""

    def __init__(self, arrays: Arrays) -> None:
        self._at = arrays

    def judge(self, rows: Floats, targets: Targets) -> Floats:
        """Targets x classes: the logits."""
        at = self._at
        words = product(rows, at["word"])
        own = product(_means(rows, targets), at["target"]) + at["seen_bias"]
        start = np.maximum(targets.first, targets.start - REACH)
        end = np.minimum(targets.last, targets.end + REACH)
        sizes = end - start
        pooled = np.empty((len(start), (HEADS + 1) * words.shape[1] + rows.shape[1]), np.float32)
        pooled[:, -rows.shape[1] :] = _means(rows, targets)
        lower = 0
        for length in _BUCKETS:
            some = np.flatnonzero((sizes > lower) & (sizes <= length))
            lower = length
            if len(some):
                cut = Targets(start[some], end[some], targets.start[some], targets.end[some])
                pooled[some, : -rows.shape[1]] = self._pool(words, own[some], cut, length)
        hidden = np.maximum(product(pooled, at["hidden"]) + at["hidden_bias"], 0)
        return product(hidden, at["out"]) + at["out_bias"]

    def _pool(self, words: Floats, own: Floats, cut: Targets, length: int) -> Floats:
        """Targets x (heads + 1) * width: what attention takes from the words, and the largest."""
        at = self._at
        where = cut.first[:, None] + np.arange(length)
        inside = where < cut.last[:, None]
        where = np.where(inside, where, cut.first[:, None])
        ahead = np.minimum(where - cut.start[:, None], 0)
        behind = np.maximum(where - cut.end[:, None] + 1, 0)
        place = REACH + ahead + behind
        seen = np.maximum(words[where] + at["place"][place] + own[:, None], 0)
        flat = seen.reshape(-1, seen.shape[2])
        asked = product(flat, at["ask"]).reshape(*place.shape, HEADS) + at["ask_place"][place]
        asked = np.where(inside[..., None], asked, np.float32(-1e4))
        taken = softmax(asked, axis=1).transpose(0, 2, 1) @ seen
        # What is padded stands for the window's first word, which changes no maximum.
        largest = _largest(seen, inside)
        return np.concatenate([taken.reshape(len(seen), -1), largest], axis=1)


def _largest(seen: Floats, inside: NDArray[np.bool_]) -> Floats:
    largest: Floats = np.where(inside[..., None], seen, np.float32(0)).max(axis=1)
    return largest


def _means(rows: Floats, targets: Targets) -> Floats:
    """Targets x width: the mean of each target's rows."""
    where = targets.start[:, None] + np.arange(LONGEST_TARGET)
    inside = where < targets.end[:, None]
    taken = np.where(inside[..., None], rows[np.where(inside, where, 0)], np.float32(0))
    means = taken.sum(axis=1) / inside.sum(axis=1, keepdims=True).astype(np.float32)
    return np.asarray(means, np.float32)
