"""Sparse vectors of length 1, and which of them are near each other, found by their terms."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from processors.stories.profiles import Profile, rarity

MOST_TERMS = 160
"""Of a vector: the heaviest."""
_LOOKED_UP = 32
"""Terms of each vector by which its neighbours are found, once there are many vectors."""
_MANY = 3000
"""Vectors; and the longest list of those that share a term, which then tells nothing."""

type Ids = NDArray[np.int32]
type Weights = NDArray[np.float32]


class Vector(msgspec.Struct, frozen=True, gc=False):
    """Terms as numbers, ascending, and their weights."""

    terms: Ids
    weights: Weights

    def dot(self, other: "Vector") -> float:
        if len(self.terms) > len(other.terms):
            return other.dot(self)
        if not len(self.terms):
            return 0.0
        at = np.searchsorted(other.terms, self.terms)
        at[at == len(other.terms)] = 0
        met = other.terms[at] == self.terms
        return float(self.weights[met] @ other.weights[at[met]])


def summed(parts: Sequence[tuple[Vector, float]], most: int) -> Vector:
    """The weighted sum of vectors, its heaviest terms; not of length 1."""
    terms = np.concatenate([part.terms for part, _ in parts])
    weights = np.concatenate([part.weights * np.float32(by) for part, by in parts])
    found, where = np.unique(terms, return_inverse=True)
    total = np.bincount(where, weights, len(found)).astype(np.float32)
    return _heaviest(found, total, most)


def unit(vector: Vector) -> Vector:
    size = float(np.sqrt(vector.weights @ vector.weights))
    return Vector(vector.terms, vector.weights / np.float32(size)) if size else vector


def vectors(profiles: Iterable[Profile]) -> list[Vector]:
    """Of a batch; how rare a term is, is told by the batch and by what is known of news."""
    ids: dict[str, int] = {}
    raw: list[tuple[Ids, Weights]] = []
    for each in profiles:
        terms = np.array([ids.setdefault(term, len(ids)) for term in each], np.int32)
        raw.append((terms, np.array(list(each.values()), np.float32)))
    found = np.zeros(len(ids), np.int64)
    for terms, _ in raw:
        found[terms] += 1
    rare = np.array(
        [rarity(term, int(found[at]), len(raw)) for term, at in ids.items()], np.float32
    )
    return [unit(_heaviest(terms, weights * rare[terms], MOST_TERMS)) for terms, weights in raw]


def _heaviest(terms: Ids, weights: Weights, most: int) -> Vector:
    if len(terms) > most:
        kept = np.lexsort((terms, -weights))[:most]
        terms, weights = terms[kept], weights[kept]
    order = np.argsort(terms)
    return Vector(terms[order], weights[order])


def neighbours(
    batch: Sequence[Vector], most: int, least: float
) -> Iterator[list[tuple[int, float]]]:
    """For each vector the nearest others and their cosines, nearest first, none below ``least``."""
    owners, weights, starts = _postings(batch)
    own = np.zeros(len(starts), np.float32)
    for at, vector in enumerate(batch):
        met = _met(_lists(vector, starts, len(batch)), owners, weights, len(batch), least)
        likely = [each for each in met[: 2 * most + 1].tolist() if each != at]
        own[vector.terms] = vector.weights
        near = zip(likely, _products([batch[each] for each in likely], own), strict=True)
        own[vector.terms] = 0
        found = [(each, cosine) for each, cosine in near if cosine >= least]
        yield sorted(found, key=lambda it: (-it[1], it[0]))[:most]


def _lists(vector: Vector, starts: Sequence[int], size: int) -> list[tuple[int, int, float]]:
    """Where those are that share a term, and its weight: of all terms, of many vectors of a few."""
    terms, own = vector.terms, vector.weights
    if size > _MANY:
        kept = np.argsort(-own, kind="stable")[:_LOOKED_UP]
        terms, own = terms[kept], own[kept]
    return [
        (starts[term], starts[term + 1], weight)
        for term, weight in zip(terms.tolist(), own.tolist(), strict=True)
        if 1 < starts[term + 1] - starts[term] <= _MANY
    ]


def _met(
    lists: Sequence[tuple[int, int, float]], owners: Ids, weights: Weights, size: int, least: float
) -> Ids:
    """Those that share the listed terms, most likely ones first."""
    if not lists:
        return np.empty(0, np.int32)
    others = np.concatenate([owners[start:end] for start, end, _ in lists])
    products = np.concatenate([weights[start:end] * by for start, end, by in lists])
    total = np.bincount(others, products, size)
    # The terms that are looked up make most of a cosine, at least half.
    found = np.flatnonzero(total >= least / 2)
    return found[np.argsort(-total[found], kind="stable")].astype(np.int32)


def _products(others: Sequence[Vector], own: Weights) -> list[float]:
    """The products of vectors with one that is spread out over all terms."""
    if not others:
        return []
    terms = np.concatenate([other.terms for other in others])
    weights = np.concatenate([other.weights for other in others])
    ends = np.cumsum([0, *(len(other.terms) for other in others)])[:-1]
    found: list[float] = np.add.reduceat(own[terms] * weights, ends).tolist()
    return found


def _postings(batch: Sequence[Vector]) -> tuple[Ids, Weights, list[int]]:
    """By term: which vectors have it, with which weight; and where each term's list begins."""
    if not batch:
        return np.empty(0, np.int32), np.empty(0, np.float32), [0]
    terms = np.concatenate([vector.terms for vector in batch])
    owners = np.repeat(np.arange(len(batch), dtype=np.int32), [len(it.terms) for it in batch])
    weights = np.concatenate([vector.weights for vector in batch])
    order = np.argsort(terms, kind="stable")
    last = int(terms.max()) if len(terms) else -1
    starts: list[int] = np.searchsorted(terms[order], np.arange(last + 2)).tolist()
    return owners[order], weights[order], starts
