"""The default model of mood: word and pair features beside small networks, all in numpy."""

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from spacy.vocab import Vocab

from processors.nlp.mood import net, ngrams
from processors.nlp.mood.port import Feeling, TargetContext
from processors.nlp.mood.rows import softmax
from processors.nlp.mood.weights import Shapes, unpack
from processors.nlp.mood.words import Floats, Hashes, Ints, read_words

VERSION = "beatwire-mood-v2"
FILE = "mood-fast.npz"
NETS = 2
SHAPES: Shapes = {
    "vocabulary": ("known",),
    **{f"ngrams_{name}": axes for name, axes in ngrams.SHAPES.items()},
    **{
        f"net{number}_{name}": tuple(
            f"{axis}{number}" if isinstance(axis, str) and axis != "vocabulary" else axis
            for axis in axes
        )
        for number in range(NETS)
        for name, axes in net.SHAPES.items()
    },
}


def open_model() -> "FastMood":
    """The model that ships with Beatwire.

    Raises MoodError when its file is damaged.
    """
    return FastMood((files("processors.nlp") / "data" / FILE).read_bytes())


class FastMood:
    """A linear model and networks, whose chances are averaged."""

    version = VERSION

    def __init__(self, data: bytes, source: str = FILE) -> None:
        arrays = unpack(data, SHAPES, source)
        self._vocabulary: Hashes = arrays.pop("vocabulary")
        named = [(name.partition("_"), array) for name, array in arrays.items()]
        parts: dict[str, dict[str, NDArray[np.float32]]] = {}
        for (part, _, name), array in named:
            parts.setdefault(part, {})[name] = array
        self._ngrams = ngrams.Ngrams(**parts.pop("ngrams"))  # type: ignore[arg-type]
        self._nets = [net.Net(parts[name]) for name in sorted(parts)]

    def score(self, targets: Sequence[TargetContext]) -> list[Feeling]:
        """One answer a target, in order."""
        if not targets:
            return []
        chances = self.chances(targets)
        return [Feeling(*each) for each in chances.tolist()]

    def chances(self, contexts: Sequence[TargetContext]) -> Floats:
        """Targets x classes, in the order of ``NAMES``; a row sums to 1."""
        words, targets = read_words(contexts)
        orth, first, back = np.unique(words.orth, return_index=True, return_inverse=True)
        lower = words.lower[first]
        meanings = static_vectors(orth, lower, contexts[0].doc.vocab)
        known = lookup(self._vocabulary, lower)
        linear = softmax(self._ngrams(ngrams.features(words, targets)).astype(np.float32), axis=1)
        deep = [
            softmax(
                each.judge(
                    each.encode(each.alone(meanings, known)[back], words.forms, words.lengths),
                    targets,
                ),
                axis=1,
            )
            for each in self._nets
        ]
        deeper = np.mean(deep, axis=0)
        return np.asarray((linear + deeper) / 2, np.float32)


def lookup(vocabulary: Hashes, lower: Hashes) -> Ints:
    """The number of each word in the sorted ``vocabulary``, from 1; 0 for all others."""
    at = np.minimum(np.searchsorted(vocabulary, lower), len(vocabulary) - 1)
    return np.where(vocabulary[at] == lower, at + 1, 0)


def static_vectors(orth: Hashes, lower: Hashes, vocab: Vocab) -> Floats:
    """Words x 300: the model's vectors at length 1, by the form or else in lower case."""
    vectors = vocab.vectors
    row = vectors.find(keys=orth)
    row = np.where(row >= 0, row, vectors.find(keys=lower))
    found: Floats = np.where(row[:, None] >= 0, vectors.data[np.maximum(row, 0)], np.float32(0))
    size = np.sqrt(np.einsum("ij,ij->i", found, found))
    found /= np.maximum(size, np.float32(1e-6))[:, None]
    return found
