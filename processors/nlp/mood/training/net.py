"""Trains a network of the quick model: padded windows of words, in batches, by Adam."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood.net import LAYERS, STATIC
from processors.nlp.mood.training.adam import Adam
from processors.nlp.mood.training.head import Seen, dropper, forward_head, fresh_head, normals
from processors.nlp.mood.words import FORMS, LONGEST_TARGET, REACH, Floats, Ints, Targets, Words

WIDE, NARROW = 64, 24
BATCH = 64
SEEN = 120_000
"""Examples that are looked at in all, again and again."""
LEAST_ROUNDS = 5
RATE = 1e-3
DECAY = 0.01
DROP = 0.3
DROP_WORD = 0.1
DROP_TARGET = 0.2
"""A target without its name, so that the words round it must tell."""
LENGTH = 2 * REACH + LONGEST_TARGET
type Weights = Mapping[str, Any]


class Windows(NamedTuple):
    """Words round each target; all are examples x ``LENGTH``."""

    row: Ints
    """Of ``Words``."""
    inside: Floats
    target: Floats
    place: Ints


def windows_of(targets: Targets) -> Windows:
    """The same words that ``Net.judge`` sees."""
    first = np.maximum(targets.first, targets.start - REACH)
    last = np.minimum(targets.last, targets.end + REACH)
    row = first[:, None] + np.arange(LENGTH)
    inside = row < last[:, None]
    row = np.where(inside, row, 0)
    target = inside & (row >= targets.start[:, None]) & (row < targets.end[:, None])
    place = REACH + np.minimum(row - targets.start[:, None], 0)
    place += np.maximum(row - targets.end[:, None] + 1, 0)
    place = np.where(inside, place, REACH)
    return Windows(row, inside.astype(np.float32), target.astype(np.float32), place)


def train_net(
    words: Words,
    meanings: Floats,
    known: Ints,
    windows: Windows,
    wanted: Floats,
    *,
    vocabulary: int,
    seed: int,
    tell: Callable[[float], None],
) -> dict[str, NDArray[np.float32]]:
    """Weights of one network; ``vocabulary`` is the number of its own words, ``wanted`` the chances
    of each example's classes.

    The same input and seed give the same weights on one kind of machine.
    """
    random = np.random.default_rng(seed)
    rounds = max(LEAST_ROUNDS, round(SEEN / len(wanted)))
    batches = max(1, len(wanted) // BATCH)
    adam = Adam(_cost, fresh(random, vocabulary), RATE, DECAY, steps=rounds * batches, warm=100)
    for number in range(rounds):
        order = random.permutation(len(wanted))
        for at in range(batches):
            some = order[at * BATCH : (at + 1) * BATCH]
            row = windows.row[some]
            batch = (meanings[row], known[row], words.forms[row], *(w[some] for w in windows[1:]))
            adam.step(batch, wanted[some], seed)
        tell((number + 1) / rounds)
    return adam.weights()


def fresh(random: np.random.Generator, vocabulary: int) -> dict[str, Floats]:
    """Weights to start with."""
    normal = normals(random)
    window = {f"layer{i}": normal(3 * WIDE, WIDE) for i in range(LAYERS)}
    empty = {f"layer{i}_bias": np.zeros(WIDE, np.float32) for i in range(LAYERS)}
    return {
        "project": normal(STATIC, WIDE),
        "own": normal(vocabulary + 1, NARROW, size=0.05),
        "widen": normal(NARROW, WIDE),
        "forms": normal(FORMS, WIDE, size=0.3),
        "start": np.zeros(WIDE, np.float32),
        **window,
        **empty,
        **fresh_head(random, WIDE, WIDE),
    }


def _cost(weights: Weights, batch: Any, wanted: Any, key: Any) -> Any:
    import jax

    logits = forward(weights, batch, key)
    return -(jax.nn.log_softmax(logits) * wanted).sum(-1).mean()


def forward(at: Weights, batch: Any, key: Any) -> Any:
    """Examples x classes: the logits that ``Net`` gives, but for what ``key`` drops."""
    import jax
    import jax.numpy as jnp

    meanings, known, forms, inside, target, place = batch
    drop = dropper(key, DROP)
    mask = inside[..., None]
    keep = _kept(key, inside, target)
    rows = (meanings @ at["project"] + (at["own"] @ at["widen"])[known]) * keep[..., None]
    rows = drop(_normed(rows + forms @ at["forms"] + at["start"]) * mask, 1)
    for layer in range(LAYERS):
        wide = jnp.pad(rows, ((0, 0), (1, 1), (0, 0)))
        beside = jnp.concatenate([wide[:, :-2], wide[:, 1:-1], wide[:, 2:]], -1)
        rows = rows + jax.nn.relu(beside @ at[f"layer{layer}"] + at[f"layer{layer}_bias"])
        rows = drop(_normed(rows) * mask, 2 + layer)
    return forward_head(at, rows, Seen(inside, target, place), drop)


def _kept(key: Any, inside: Any, target: Any) -> Any:
    """Which words keep their meaning: a word may lose its own, a target all of its words'."""
    import jax
    import jax.numpy as jnp

    if key is None:
        return inside
    words, whole = (jax.random.fold_in(key, number) for number in (50, 51))
    word = jax.random.bernoulli(words, 1 - DROP_WORD, inside.shape)
    named = jax.random.bernoulli(whole, 1 - DROP_TARGET, (len(inside), 1))
    return jnp.where(target > 0, named, word).astype(jnp.float32)


def _normed(rows: Any) -> Any:
    import jax.numpy as jnp

    rows = rows - rows.mean(-1, keepdims=True)
    return rows / jnp.sqrt((rows * rows).mean(-1, keepdims=True) + 1e-5)
