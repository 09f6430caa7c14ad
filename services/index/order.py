"""The orders of hits, the same in every engine: by which values, and which way."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from services.index import ClaimSort, Sort

Values = tuple[float | int, ...]
"""The values of one document by which it is ordered."""


class Key(msgspec.Struct, frozen=True):
    """One value: the field that has it (``score`` is the search's own)."""

    field: Literal["score", "time", "number", "place", "largest", "smallest"]
    falling: bool


class Order(msgspec.Struct, frozen=True):
    """The first key leads; the others part those that it leaves equal. No two are equal in all."""

    name: str
    keys: tuple[Key, ...]

    def rank(self, values: Values) -> Values:
        """Sorts as the order has it."""
        return tuple(
            -value if key.falling else value for key, value in zip(self.keys, values, strict=True)
        )


_UP = (Key("number", falling=False),)
_CLAIM_UP = (*_UP, Key("place", falling=False))
_NEWEST = Key("time", falling=True)

BEST = Order("relevance", (Key("score", falling=True), _NEWEST, *_UP))
NUMBERED = Order("number", _UP)
ARTICLES: dict[Sort, Order] = {
    "relevance": BEST,
    "newest": Order("newest", (_NEWEST, *_UP)),
    "oldest": Order("oldest", (Key("time", falling=False), *_UP)),
}
CLAIMS: dict[ClaimSort, Order] = {
    "newest": Order("newest", (_NEWEST, *_CLAIM_UP)),
    "oldest": Order("oldest", (Key("time", falling=False), *_CLAIM_UP)),
    "largest": Order("largest", (Key("largest", falling=True), _NEWEST, *_CLAIM_UP)),
    "smallest": Order("smallest", (Key("smallest", falling=False), _NEWEST, *_CLAIM_UP)),
}


def first_of_each[T](found: Sequence[T], stories: Sequence[int]) -> list[T]:
    """Of those that tell one story, the one that comes first."""
    seen: set[int] = set()
    kept = []
    for one, story in zip(found, stories, strict=True):
        if story not in seen:
            seen.add(story)
            kept.append(one)
    return kept
