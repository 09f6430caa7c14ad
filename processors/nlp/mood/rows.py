"""Products in blocks of rows: so that the numbers of a row do not hang on what is beside it."""

import numpy as np

from processors.nlp.mood.words import Floats

BLOCK = 256


def product(rows: Floats, weights: Floats) -> Floats:
    """``rows @ weights``, always ``BLOCK`` rows at a time."""
    out = np.empty((len(rows), weights.shape[1]), np.float32)
    whole = len(rows) // BLOCK * BLOCK
    for start in range(0, whole, BLOCK):
        np.matmul(rows[start : start + BLOCK], weights, out=out[start : start + BLOCK])
    if whole < len(rows):
        rest = np.zeros((BLOCK, rows.shape[1]), np.float32)
        rest[: len(rows) - whole] = rows[whole:]
        out[whole:] = np.matmul(rest, weights)[: len(rows) - whole]
    return out


def normed(rows: Floats, epsilon: float = 1e-5) -> Floats:
    """Each row with mean 0 and variance 1."""
    rows = rows - rows.mean(axis=-1, keepdims=True)
    spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[-1] + np.float32(epsilon)
    rows *= (1 / np.sqrt(spread))[:, None]
    return rows


def softmax(values: Floats, axis: int) -> Floats:
    """Chances along ``axis``."""
    raised = np.exp(values - values.max(axis=axis, keepdims=True))
    return np.asarray(raised / raised.sum(axis=axis, keepdims=True), np.float32)
