"""The first layer of spaCy's model (``tok2vec``), with its own weights, about twice as fast.

Four fifths of the model's time go into the vectors that this layer gives to words. Three things
save most of it, and change nothing but the last digits:

* what a word is by itself is computed once for each word and kept;
* pieces of a maxout are separate columns of one product, so that the largest needs no sorting;
* products are always of ``BLOCK`` rows, so that they suit the cache. Which sentences are read with
  it changes a sentence's numbers in their last digits only.

The layer's form is that of spaCy's ``MultiHashEmbed`` with static vectors, followed by its
``MaxoutWindowEncoder`` of window 1. ``tests/unit/test_encoder.py`` compares the two.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray
from spacy.attrs import IDS  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model

BLOCK = 512
MOST_WORDS = 32_768
"""Words that are kept; then each new one takes the place of the oldest. 12 MiB a layer."""
_EPSILON = 1e-8
_MIXER, _HALF = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)
type Floats = NDArray[np.float32]


def quicken(nlp: Language) -> None:
    """Put quick layers under the recogniser, and under the tagger and parser, of a loaded model."""
    ner: Any = nlp.get_pipe("ner")
    recogniser = ner.model.get_ref("tok2vec")
    own = recogniser.layers[0]
    recogniser.replace_node(own, quick(own, nlp.vocab))
    shared: Any = nlp.get_pipe("tok2vec")
    shared.model = quick(shared.model, nlp.vocab)


def quick(layer: Model[Any, Any], vocab: Vocab) -> Model[Any, Any]:
    """A layer that stands for ``layer`` where a model is only asked, not trained."""
    encoder = Encoder(layer, vocab)

    def forward(_: Model[Any, Any], docs: Sequence[Doc], is_train: bool) -> Any:  # noqa: ARG001 - thinc's form
        return encoder.encode(docs), lambda gradient: gradient

    return Model("quick_tok2vec", forward, dims={"nO": layer.get_dim("nO")})


class _Maxout:
    """A maxout of three pieces with a layer normalisation."""

    def __init__(self, maxout: Model[Any, Any], norm: Model[Any, Any]) -> None:
        weights, bias = _floats(maxout, "W"), _floats(maxout, "b")
        self.width, pieces, inputs = weights.shape
        self._columns = [slice(p * self.width, (p + 1) * self.width) for p in range(pieces)]
        by_piece = np.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(-1, inputs)
        self._weights = np.ascontiguousarray(by_piece.T)
        self._bias = np.ascontiguousarray(bias.T).reshape(-1)
        self._gain, self._shift = _floats(norm, "G"), _floats(norm, "b")
        self._product = np.empty((BLOCK, len(self._bias)), np.float32)

    def __call__(self, rows: Floats) -> Floats:
        """``rows`` are ``BLOCK``."""
        product = np.matmul(rows, self._weights, out=self._product)
        product += self._bias
        best = product[:, self._columns[0]]
        for columns in self._columns[1:]:
            best = np.maximum(best, product[:, columns])
        best = best - best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best) / self.width + _EPSILON
        best *= (1.0 / np.sqrt(spread))[:, None]
        best *= self._gain
        best += self._shift
        return best


class Encoder:
    """Word vectors in context for the Docs of one vocabulary."""

    def __init__(self, layer: Model[Any, Any], vocab: Vocab) -> None:
        self._vocab = vocab
        nodes = {name: [n for n in layer.walk() if n.name == name] for name in _NODES}
        [extract], [static] = nodes["extract_features"], nodes["static_vectors"]
        self._attributes = [IDS[name] for name in ("ORTH", *extract.attrs["columns"])]
        self._hashes = [
            (_floats(n, "E"), n.attrs["seed"], 1 + n.attrs["column"]) for n in nodes["hashembed"]
        ]
        self._ops: Any = layer.ops
        self._project = np.ascontiguousarray(_floats(static, "W").T)
        mix, *deep = map(_Maxout, nodes["maxout"], nodes["layernorm"])
        self._mix, self._deep = mix, deep
        self._known: dict[int, int] = {}
        """Word to its row in the table."""
        self._holders: list[int | None] = [None] * MOST_WORDS
        self._next = 0
        """The row that the next new word gets."""
        # Of its full size at once: a table that grows leaves holes behind.
        self._table = np.empty((MOST_WORDS, mix.width), np.float32)

    def encode(self, docs: Sequence[Doc]) -> list[Floats]:
        """For each Doc an array of tokens x width."""
        lengths = [len(doc) for doc in docs]
        if not any(lengths):
            return [np.zeros((0, self._mix.width), np.float32) for _ in docs]
        features = np.concatenate([doc.to_array(self._attributes) for doc in docs])
        starts, total = _places(lengths, pad=len(self._deep))
        where = np.concatenate([np.arange(s, s + n) for s, n in zip(starts, lengths, strict=True)])
        rows = np.zeros((-(-total // BLOCK) * BLOCK + 2, self._mix.width), np.float32)
        rows[where + 1] = self._words(features)
        for layer in self._deep:
            rows = self._deeper(layer, rows, total)
        return [rows[s + 1 : s + 1 + n] for s, n in zip(starts, lengths, strict=True)]

    def _deeper(self, layer: _Maxout, rows: Floats, total: int) -> Floats:
        """Each row and its two neighbours through a layer; ``rows`` has one more at each end."""
        width = self._mix.width
        step = rows.strides[0]
        windows = as_strided(rows, (len(rows) - 2, 3 * width), (step, rows.strides[1]))
        out = np.zeros_like(rows)
        for start in range(0, len(windows), BLOCK):
            found = layer(np.ascontiguousarray(windows[start : start + BLOCK]))
            out[start + 1 : start + 1 + BLOCK] = found
            out[start + 1 : start + 1 + BLOCK] += rows[start + 1 : start + 1 + BLOCK]
        out[total + 1 :] = 0
        return out

    def _words(self, features: NDArray[np.uint64]) -> Floats:
        """What each token is without its context."""
        key = features[:, 0]
        for column in range(1, features.shape[1]):
            key = (key ^ (key >> _HALF)) * _MIXER + features[:, column]
        keys, first, back = np.unique(key, return_index=True, return_inverse=True)
        if len(keys) > MOST_WORDS:
            middle = len(features) // 2
            return np.concatenate([self._words(features[:middle]), self._words(features[middle:])])
        rows = np.array([self._known.get(key, -1) for key in keys.tolist()])
        new = rows < 0
        # A copy: to learn new words may take the rows of known ones.
        words: Floats = self._table[rows]
        if new.any():
            words[new] = self._learn(keys[new], features[first[new]])
        return words[back]

    def _learn(self, keys: NDArray[np.uint64], features: NDArray[np.uint64]) -> Floats:
        parts = range(0, len(keys), BLOCK)
        words = np.concatenate([self._embed(features[at : at + BLOCK]) for at in parts])
        rows = (self._next + np.arange(len(keys))) % MOST_WORDS
        self._table[rows] = words
        for key, row in zip(keys.tolist(), rows.tolist(), strict=True):
            if (oldest := self._holders[row]) is not None:
                del self._known[oldest]
            self._holders[row], self._known[key] = key, row
        self._next = (self._next + len(keys)) % MOST_WORDS
        return words

    def _embed(self, features: NDArray[np.uint64]) -> Floats:
        """At most ``BLOCK`` words: their hashed features beside their projected vectors."""
        count, own = len(features), self._project.shape[1]
        vectors = self._vocab.vectors
        found = vectors.find(keys=features[:, 0])
        meanings = np.zeros((BLOCK, vectors.shape[1]), np.float32)
        meanings[:count][found >= 0] = vectors.data[found[found >= 0]]
        hashed = [
            self._ops.gather_add(table, self._ops.hash(column, seed) % len(table))
            for table, seed, column in (
                (table, seed, np.ascontiguousarray(features[:, at]))
                for table, seed, at in self._hashes
            )
        ]
        rows = np.zeros((BLOCK, own * (len(hashed) + 1)), np.float32)
        rows[:count, :-own] = np.hstack(hashed)
        rows[:, -own:] = meanings @ self._project
        return self._mix(rows)[:count]


_NODES = ("extract_features", "hashembed", "static_vectors", "maxout", "layernorm")


def _floats(node: Model[Any, Any], name: str) -> Floats:
    return np.asarray(node.get_param(name), np.float32)


def _places(lengths: Sequence[int], pad: int) -> tuple[list[int], int]:
    """Where each Doc starts with ``pad`` empty rows round it, and the rows in all."""
    starts, at = [], pad
    for length in lengths:
        starts.append(at)
        at += length + pad
    return starts, at
