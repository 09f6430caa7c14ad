"""The sign of an article: what is kept of it to find, one at a time, the event that it is about.

The heaviest terms of its profile as 32-bit numbers with weights, and keys for pairs of the six
heaviest: articles that share two of six (a firm and a person, say) are candidates for each other,
and among those the event counts whose members' mean the article is nearest to.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from math import sqrt
from struct import calcsize, iter_unpack, pack

import msgspec

from processors.stories.profiles import profile, rarity
from processors.stories.wording import without_dateline

VERSION = 1
"""Goes up with every change of a term's number or weight: signs of two versions never meet."""
TERMS = 24
PAIRED = 6
SAME_EVENT = 0.42
"""The cosine of an article with the mean of an event, at least."""
_TERM = ">If"
_rarity = lru_cache(maxsize=65_536)(rarity)


class Sign(msgspec.Struct, frozen=True):
    """``keys`` are signed 64-bit hashes; ``terms`` is for ``fit``."""

    keys: tuple[int, ...]
    terms: bytes


def sign(title: str, text: str) -> Sign:
    """The same for the same words, on every machine.

    Datelines say who reports from where, not what: an agency's articles would all be one event.
    """
    text = "\n".join(map(without_dateline, text.splitlines()))
    weights = {term: weight * _rarity(term) for term, weight in profile(title, text).items()}
    heaviest = sorted(weights, key=lambda term: (-weights[term], term))[:TERMS]
    size = sqrt(sum(weights[term] ** 2 for term in heaviest))
    packed = [pack(_TERM, _number(term), weights[term] / size) for term in heaviest if size]
    pairs = combinations(sorted(heaviest[:PAIRED]), 2)
    keys = tuple(
        int.from_bytes(_hash(f"{VERSION} {one} {other}", 8), signed=True) for one, other in pairs
    )
    return Sign(keys, bytes([VERSION]) + b"".join(packed))


def fit(one: bytes, members: Iterable[bytes]) -> float:
    """The cosine of an article with the mean of an event's; 0 where there is nothing to compare."""
    mean = Counter[int]()
    for member in members:
        mean.update(_read(member, one[:1]))
    size = sqrt(sum(weight * weight for weight in mean.values()))
    own = _read(one, one[:1])
    return sum(weight * mean[term] for term, weight in own.items()) / size if size else 0.0


def _read(terms: bytes, version: bytes) -> dict[int, float]:
    if terms[:1] != version or (len(terms) - 1) % calcsize(_TERM):
        return {}
    return dict(iter_unpack(_TERM, terms[1:]))


def _number(term: str) -> int:
    return int.from_bytes(_hash(term, 4))


def _hash(text: str, size: int) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).digest()
