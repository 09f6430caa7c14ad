"""The linear half of the quick model: single words and pairs of words, by where they stand.

Words are their 64-bit hashes and features are mixed of those, so that nothing is put together as
text. Every feature that training kept has its rarity and one weight a class.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood.weights import Shapes
from processors.nlp.mood.words import REACH, Floats, Hashes, Ints, Targets, Words, windows

SHAPES: Shapes = {
    "keys": ("features",),
    "rarity": ("features",),
    "weights": ("features", 3),
    "bias": (3,),
}
_TARGET = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)
_SPANS = ((0, 2 * REACH + 1), (REACH - 8, REACH), (REACH + 1, REACH + 9))
_NEAR = ((REACH - 3, REACH), (REACH + 1, REACH + 4))
_PAIRS = ((0, 2 * REACH + 1), (REACH - 4, REACH + 5))


def features(words: Words, targets: Targets) -> Hashes:
    """Targets x features; 0 where there is none."""
    rows, inside = windows(targets, REACH, REACH)
    seen = np.where(inside, words.lower[rows], np.uint64(0))
    seen[:, REACH] = _TARGET
    kinds = [seen[:, start:end] for start, end in (*_SPANS, *_NEAR)]
    pairs = [_paired(seen[:, start:end]) for start, end in _PAIRS]
    places = np.stack([_size(targets), _place(targets)], axis=1)
    mixed = [_mix(kind, number) for number, kind in enumerate((*kinds, *pairs, places), 1)]
    return np.concatenate(mixed, axis=1)


def _paired(seen: Hashes) -> Hashes:
    first, second = seen[:, :-1], seen[:, 1:]
    both = (first != 0) & (second != 0)
    return np.where(both, (first ^ (first >> _HALF)) * _MIXER + second, np.uint64(0))


def _size(targets: Targets) -> Hashes:
    size: Ints = np.minimum(targets.end - targets.start, 5)
    return size.astype(np.uint64) + np.uint64(1)


def _place(targets: Targets) -> Hashes:
    """In which fifth of the sentence."""
    place: Ints = 5 * (targets.start - targets.first) // (targets.last - targets.first)
    return place.astype(np.uint64) + np.uint64(101)


def _mix(values: Hashes, kind: int) -> Hashes:
    mixed = (values ^ (values >> _HALF)) * _MIXER + np.uint64(kind)
    mixed = (mixed ^ (mixed >> _HALF)) * _TARGET
    return np.where(values != 0, mixed | np.uint64(1), np.uint64(0))


class Ngrams(NamedTuple):
    """A trained linear model."""

    keys: Hashes
    """Sorted."""
    rarity: Floats
    weights: Floats
    bias: Floats

    def __call__(self, found: Hashes) -> NDArray[np.float64]:
        """Targets x classes: the logits."""
        at = np.minimum(np.searchsorted(self.keys, found), len(self.keys) - 1)
        known = self.keys[at] == found
        value = np.where(known, self.rarity[at], np.float32(0)).astype(np.float64)
        size = np.sqrt((value * value).sum(axis=1)) + 1e-9
        sums = [(value * self.weights[:, c][at]).sum(axis=1) / size for c in range(3)]
        return np.stack(sums, axis=1) + self.bias
