"""Whether two fingerprints are those of a text and its copy."""

from operator import eq
from struct import calcsize, unpack_from

import msgspec

from processors.stories.minhash import HEAD

COPIED = 0.85
"""So much of the shorter text stands in the longer one."""
IN_COMMON = 0.35
"""So much of both together is the same: a brief that a long text quotes whole is no copy of it."""
_CHANCE = 1 / 256
"""How often places of a signature agree by accident."""
_PLACES = calcsize(HEAD)


class Likeness(msgspec.Struct, frozen=True):
    """Shares from 0 to 1, estimated. Of texts without a common origin both are about 0."""

    jaccard: float = 0.0
    """Shingles that both have, of those that either has."""
    containment: float = 0.0
    """Shingles that both have, of those of the shorter one."""


def likeness(one: bytes, other: bytes) -> Likeness:
    """Compare two signatures; those of other versions or of texts too short are equal or nothing.

    The estimate's standard error is .03 for a similarity of .5, and less further away.
    """
    if one == other:
        return Likeness(1.0, 1.0) if one else Likeness()
    if len(one) != len(other) or one[:1] != other[:1] or len(one) < _PLACES:
        return Likeness()
    sizes = unpack_from(HEAD, one)[1], unpack_from(HEAD, other)[1]
    if not all(sizes):
        return Likeness()
    places = len(one) - _PLACES
    same = sum(map(eq, one[_PLACES:], other[_PLACES:])) / places
    jaccard = max(0.0, (same - _CHANCE) / (1 - _CHANCE))
    common = jaccard * sum(sizes) / (1 + jaccard)
    return Likeness(jaccard, min(1.0, common / min(sizes)))


def is_copy(one: bytes, other: bytes) -> bool:
    """Whether one text is the other: whole, with some words changed, or cut."""
    found = likeness(one, other)
    return found.containment >= COPIED and found.jaccard >= IN_COMMON
