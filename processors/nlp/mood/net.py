"""The other half of the quick model: a small network over the words' static vectors.

Layers that see a word and its two neighbours run once a sentence; the head behind them is told the
target. Trained by ``training/net.py``, whose ``forward`` is the same sum for many padded windows; a
test compares the two.
"""

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import as_strided

from processors.nlp.mood import head
from processors.nlp.mood.rows import normed, product
from processors.nlp.mood.weights import Arrays, Shapes
from processors.nlp.mood.words import FORMS, Floats, Ints, Targets

STATIC = 300
"""Length of the model's word vectors."""
LAYERS = 3
SHAPES: Shapes = {
    "project": (STATIC, "width"),
    "own": ("vocabulary", "narrow"),
    "widen": ("narrow", "width"),
    "forms": (FORMS, "width"),
    "start": ("width",),
    **{f"layer{i}": ("window", "width") for i in range(LAYERS)},
    **{f"layer{i}_bias": ("width",) for i in range(LAYERS)},
    **head.shapes(rows="width", wide="width"),
}


class Net:
    """A trained network."""

    def __init__(self, arrays: Arrays) -> None:
        self._at = arrays
        self._head = head.Head(arrays)
        self._words = product(arrays["own"], arrays["widen"])

    def alone(self, meanings: Floats, known: Ints) -> Floats:
        """Words x width, without their forms. ``known``: rows of the network's own vocabulary."""
        return product(meanings, self._at["project"]) + self._words[known]

    def encode(self, words: Floats, forms: Floats, lengths: Sequence[int]) -> Floats:
        """Words x width in their sentences, of what each is ``alone``."""
        at = self._at
        words = words + forms @ at["forms"] + at["start"]
        places, total = _places(lengths)
        rows = np.zeros((total + 2, words.shape[1]), np.float32)
        rows[places] = normed(words)
        apart = np.ones(total + 2, np.bool_)
        apart[places] = False
        for layer in range(LAYERS):
            deeper = product(_beside(rows), at[f"layer{layer}"]) + at[f"layer{layer}_bias"]
            rows[1:-1] = normed(rows[1:-1] + np.maximum(deeper, 0))
            rows[apart] = 0
        return rows[places]

    def judge(self, rows: Floats, targets: Targets) -> Floats:
        """Targets x classes: the logits."""
        return self._head.judge(rows, targets)


def _beside(rows: Floats) -> Floats:
    """Each row but the first and last with its two neighbours, as a view."""
    count, width = rows.shape
    return as_strided(rows, (count - 2, 3 * width), rows.strides)


def _places(lengths: Sequence[int]) -> tuple[Ints, int]:
    """Where each word goes, with an empty row between sentences, and the rows in all."""
    total = sum(lengths)
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    return np.arange(total) + sentence + 1, total + len(lengths)
