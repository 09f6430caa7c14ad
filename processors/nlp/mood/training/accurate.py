"""Trains what the accurate model adds to MiniLM: narrow matrices beside its own, and a head."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from processors.nlp.mood.accurate import WIDE, published
from processors.nlp.mood.minilm import HEADS, LAYERS, PARTS, RANK, WIDTH
from processors.nlp.mood.passages import LONGEST, Passage, read_passages
from processors.nlp.mood.port import TargetContext
from processors.nlp.mood.training.adam import Adam
from processors.nlp.mood.training.examples import Labels, Tell, chances_of
from processors.nlp.mood.training.head import Seen, dropper, forward_head, fresh_head, normals
from processors.nlp.mood.weights import Arrays, pack
from processors.nlp.mood.words import REACH, Floats, Targets

BATCH = 32
ROUNDS = 2
RATE = 6e-4
DECAY = 0.01
DROP = 0.1
SMOOTH = 0.05
_LENGTHS = (24, 32, 40, 56, 88, LONGEST)
"""Passages are padded to one of these, so that few forms of a batch are compiled."""


def train_accurate(
    contexts: Sequence[TargetContext], labels: Labels, seed: int, tell: Tell
) -> bytes:
    """A file of weights for ``AccurateMood``. Raises MoodError as ``published``."""
    passages, targets = read_passages(contexts)
    random = np.random.default_rng(seed)
    wanted = chances_of(labels, SMOOTH)
    own = {int(first): passage for first, passage in zip(_starts(passages), passages, strict=True)}
    known = published()
    plans = [_batches(targets, random) for _ in range(ROUNDS)]
    steps = sum(map(len, plans))
    adam = Adam(_cost, fresh(random), RATE, DECAY, steps=steps, warm=80)
    done = 0
    for plan in plans:
        for length, some in plan:
            batch = (known, *_padded(own, targets, some, length))
            adam.step(batch, wanted[some], seed)
            done += 1
            tell("layers and head", done / steps)
    return pack(adam.weights())


def _starts(passages: Sequence[Passage]) -> list[int]:
    return [0, *np.cumsum([len(passage) for passage in passages])[:-1].tolist()]


def _batches(targets: Targets, random: np.random.Generator) -> list[tuple[int, Labels]]:
    """Shuffled batches of full size whose passages are of about one length."""
    sizes = targets.last - targets.first
    order = random.permutation(len(sizes))
    found = []
    least = 0
    for length in _LENGTHS:
        fitting = order[(sizes[order] > least) & (sizes[order] <= length)]
        least = length
        if len(fitting):
            short = -len(fitting) % BATCH
            filled = np.concatenate([fitting, np.resize(fitting, short)])
            found += [(length, some) for some in filled.reshape(-1, BATCH)]
    return [found[at] for at in random.permutation(len(found))]


def _padded(
    own: dict[int, Passage], targets: Targets, some: Labels, length: int
) -> tuple[Any, ...]:
    pieces = np.zeros((len(some), length), np.int32)
    for number, first in enumerate(targets.first[some].tolist()):
        pieces[number, : len(own[first])] = own[first]
    at = np.arange(length) + targets.first[some][:, None]
    start, end, last = (
        column[some][:, None] for column in (targets.start, targets.end, targets.last)
    )
    inside = at < last
    near = inside & (at >= start - REACH) & (at < end + REACH)
    place = REACH + np.minimum(at - start, 0) + np.maximum(at - end + 1, 0)
    place = np.where(near, place, REACH)
    target = near & (at >= start) & (at < end)
    return (pieces, *(each.astype(np.float32) for each in (inside, near, target)), place)


def fresh(random: np.random.Generator) -> dict[str, Floats]:
    """Weights to start with, which change nothing of MiniLM."""
    normal = normals(random)
    found = fresh_head(random, WIDTH, WIDE)
    for layer in range(LAYERS):
        for part, (inputs, outputs) in PARTS.items():
            found[f"layer{layer}_{part}_in"] = normal(inputs, RANK)
            found[f"layer{layer}_{part}_out"] = np.zeros((RANK, outputs), np.float32)
            found[f"layer{layer}_{part}_bias"] = np.zeros(outputs, np.float32)
        for name in ("first_gain", "first_shift", "second_gain", "second_shift"):
            found[f"layer{layer}_{name}"] = np.zeros(WIDTH, np.float32)
    return found


def _cost(added: Any, batch: Any, wanted: Any, key: Any) -> Any:
    import jax

    known, pieces, inside, near, target, place = batch
    rows = encode(added, known, pieces, inside, key)
    logits = forward_head(added, rows, Seen(near, target, place), dropper(key, DROP))
    return -(jax.nn.log_softmax(logits) * wanted).sum(-1).mean()


def encode(added: Any, known: Arrays, pieces: Any, inside: Any, key: Any) -> Any:
    """Examples x pieces x ``WIDTH``: what ``minilm.Encoder`` gives, with products of 16 bits."""
    import jax
    import jax.numpy as jnp

    drop = dropper(key, DROP)
    count, length = pieces.shape
    hidden = (inside[:, None, None, :] - 1) * 1e4

    def times(left: Any, right: Any) -> Any:
        small = (left.astype(jnp.bfloat16), right.astype(jnp.bfloat16))
        return jnp.dot(*small, preferred_element_type=jnp.float32)

    def part(rows: Any, name: str) -> Any:
        more = times(times(rows, added[f"{name}_in"]), added[f"{name}_out"]) * 2
        return times(rows, known[name]) + more + known[f"{name}_bias"] + added[f"{name}_bias"]

    def normed(rows: Any, name: str) -> Any:
        gain = known[f"{name}_gain"] + added[f"{name}_gain"]
        return _normed(rows) * gain + known[f"{name}_shift"] + added[f"{name}_shift"]

    def split(rows: Any) -> Any:
        return rows.reshape(count, length, HEADS, -1).transpose(0, 2, 1, 3)

    rows = _normed(known["pieces"][pieces] + known["places"][:length])
    rows = drop(rows * known["gain"] + known["shift"], 100)
    for layer in range(LAYERS):
        name = f"layer{layer}_"
        query, key_, value = (split(part(rows, name + each)) for each in ("query", "key", "value"))
        heed = jnp.einsum("nhqd,nhkd->nhqk", query, key_) / np.sqrt(WIDTH // HEADS) + hidden
        taken = jnp.einsum("nhqk,nhkd->nhqd", jax.nn.softmax(heed, -1), value)
        mixed = part(taken.transpose(0, 2, 1, 3).reshape(count, length, WIDTH), name + "mix")
        rows = normed(rows + drop(mixed, 101 + 2 * layer), name + "first")
        wide = jax.nn.gelu(part(rows, name + "widen"), approximate=True)
        rows = normed(rows + drop(part(wide, name + "narrow"), 102 + 2 * layer), name + "second")
    return rows


def _normed(rows: Any) -> Any:
    import jax

    rows = rows - rows.mean(-1, keepdims=True)
    return rows * jax.lax.rsqrt((rows * rows).mean(-1, keepdims=True) + 1e-12)
