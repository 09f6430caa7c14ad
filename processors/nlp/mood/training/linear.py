"""Trains the linear half: logistic regression on features that occur more than once or twice."""

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood.ngrams import Ngrams
from processors.nlp.mood.words import Floats, Hashes

LEAST = 3
"""Examples that a feature must occur in."""
LOOSE = 4.0
"""Weight of the examples against that of small weights."""
STEPS = 200


def train_linear(found: Hashes, wanted: Floats) -> Ngrams:
    """``found`` are the features of each example, as ``ngrams.features`` gives them; ``wanted`` the
    chances of the classes.

    The same input gives the same weights: the search starts at zero and is not random.
    """
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    once = np.concatenate([np.unique(row) for row in found])
    all_keys, counts = np.unique(once, return_counts=True)
    kept = (counts >= LEAST) & (all_keys != 0)
    keys = all_keys[kept]
    rarity = np.log((1 + len(found)) / (1 + counts[kept])) + 1
    rarity = rarity.astype(np.float16).astype(np.float32)
    at = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
    known = keys[at] == found
    values = np.where(known, rarity[at], 0).astype(np.float64)
    values /= np.sqrt((values * values).sum(axis=1, keepdims=True)) + 1e-9
    ends = np.cumsum([0, *known.sum(axis=1)])
    matrix = csr_matrix((values[known], at[known], ends), shape=(len(found), len(keys)))

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, bias = flat[:-3].reshape(-1, 3), flat[-3:]
        logits = matrix @ weights + bias
        logits -= logits.max(axis=1, keepdims=True)
        logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        wrong = np.exp(logs) - wanted
        slope = np.concatenate(
            [(weights + LOOSE * (matrix.T @ wrong)).ravel(), LOOSE * wrong.sum(axis=0)]
        )
        return float((weights**2).sum() / 2 - LOOSE * (logs * wanted).sum()), slope

    best = minimize(
        cost, np.zeros(3 * len(keys) + 3), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    ).x.astype(np.float32)
    return Ngrams(keys, rarity, best[:-3].reshape(-1, 3), best[-3:])
