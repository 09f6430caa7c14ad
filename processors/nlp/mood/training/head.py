"""The head of both models where it is trained: ``mood/head.py`` for padded batches in JAX."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from processors.nlp.mood.head import HEADS
from processors.nlp.mood.words import WIDTH, Floats

type Drop = Callable[[Any, int], Any]


def normals(random: np.random.Generator) -> Callable[..., Floats]:
    """A function of a shape and a size: numbers round zero, by default for a product."""

    def normal(*shape: int, size: float | None = None) -> Floats:
        scale = size or 1 / np.sqrt(shape[0])
        return (random.normal(size=shape) * scale).astype(np.float32)

    return normal


def fresh_head(random: np.random.Generator, rows: int, wide: int) -> dict[str, Floats]:
    """Weights to start with."""
    normal = normals(random)
    return {
        "word": normal(rows, wide),
        "target": normal(rows, wide),
        "place": normal(WIDTH, wide, size=0.1),
        "seen_bias": np.zeros(wide, np.float32),
        "ask": normal(wide, HEADS),
        "ask_place": normal(WIDTH, HEADS, size=0.01),
        "hidden": normal((HEADS + 1) * wide + rows, wide),
        "hidden_bias": np.zeros(wide, np.float32),
        "out": normal(wide, 3, size=0.05),
        "out_bias": np.zeros(3, np.float32),
    }


class Seen(NamedTuple):
    """Which words of each example count, which are the target's, and their places; JAX arrays."""

    inside: Any
    target: Any
    place: Any


def forward_head(at: Mapping[str, Any], rows: Any, seen_by: Seen, drop: Drop) -> Any:
    """Examples x classes: the logits. ``rows`` are examples x words x length of a row."""
    import jax
    import jax.numpy as jnp

    inside, target, place = seen_by
    mask = inside[..., None]
    own = (rows * target[..., None]).sum(1) / jnp.maximum(target.sum(1, keepdims=True), 1)
    asked = (own @ at["target"] + at["seen_bias"])[:, None]
    seen = drop(jax.nn.relu(rows @ at["word"] + at["place"][place] + asked), 20)
    heed = seen @ at["ask"] + at["ask_place"][place] + (mask - 1) * 1e4
    taken = jnp.einsum("blk,bld->bkd", jax.nn.softmax(heed, 1), seen)
    pooled = [taken.reshape(len(taken), -1), (seen + (mask - 1) * 1e4).max(1), own]
    mixed = drop(jnp.concatenate(pooled, -1), 30)
    hidden = drop(jax.nn.relu(mixed @ at["hidden"] + at["hidden_bias"]), 31)
    return hidden @ at["out"] + at["out_bias"]


def dropper(key: Any, rate: float) -> Drop:
    """Drops numbers with chance ``rate``; nothing without a key."""
    import jax

    def drop(values: Any, number: int) -> Any:
        if key is None:
            return values
        kept = jax.random.bernoulli(jax.random.fold_in(key, number), 1 - rate, values.shape)
        return values * kept / (1 - rate)

    return drop
