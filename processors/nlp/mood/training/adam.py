"""Adam with decoupled decay, a warm start and a rate that falls to nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Cost = Callable[[Any, Any, Any, Any], Any]
"""Of weights, batch, wanted answers and a random key."""


class Adam:
    """One training run. ``fixed`` is handed to the cost before the batch, and stays as it is."""

    def __init__(
        self, cost: Cost, weights: Any, rate: float, decay: float, *, steps: int, warm: int
    ) -> None:
        import jax
        import jax.numpy as jnp

        # A generator of bits that is quick without an accelerator.
        self._random = jax.random.key(0, impl="rbg")
        self._state = jax.tree.map(jnp.asarray, weights)
        self._mean = jax.tree.map(jnp.zeros_like, self._state)
        self._spread = jax.tree.map(jnp.zeros_like, self._state)
        self._rate, self._steps, self._warm, self._at = rate, steps, warm, 0

        def step(state: Any, mean: Any, spread: Any, at: Any, rate: Any, *given: Any) -> Any:
            value, slope = jax.value_and_grad(cost)(state, *given)
            mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, slope)
            spread = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g * g, spread, slope)

            def moved(weight: Any, m: Any, s: Any) -> Any:
                length = m / (1 - 0.9**at) / (jnp.sqrt(s / (1 - 0.99**at)) + 1e-7)
                return weight - rate * (length + decay * weight)

            return jax.tree.map(moved, state, mean, spread), mean, spread, value

        self._step = jax.jit(step)

    def step(self, batch: Any, wanted: Any, seed: int) -> None:
        """Take one step on one batch."""
        import jax

        self._at += 1
        rate = self._rate * min(1.0, self._at / self._warm) * (1 - self._at / (self._steps + 1))
        key = jax.random.fold_in(jax.random.fold_in(self._random, seed), self._at)
        self._state, self._mean, self._spread, _ = self._step(
            self._state, self._mean, self._spread, float(self._at), rate, batch, wanted, key
        )

    def weights(self) -> dict[str, NDArray[np.float32]]:
        """What was learned so far."""
        import jax

        found: dict[str, NDArray[np.float32]] = jax.tree.map(np.asarray, self._state)
        return found
