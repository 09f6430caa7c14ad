"""What must stand in a text where a pattern matches: most patterns are ruled out by that alone.

A needle is three or four letters in a row, or a sign of ``masks.py``. Of each pattern sets of
needles are known of which every match has one each; a sentence without need not be searched.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AnySet
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined] # no public door to how re reads
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_SIZES = (3, 4)
_WORD = re.compile(r"[a-z]+")
_SIGN_WORTH = 30
"""Needles that a sign counts for in a choice: signs stand in most sentences that are searched."""
_MOST = 400
"""Strings that are told apart; where there are more, less is known of the pattern."""
_SETS = 3
"""Sets of needles that are looked up."""
type _Strings = frozenset[str]
type _Read = tuple[_Strings | None, list[_Strings]]
_NOTHING: _Strings = frozenset({""})
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)


class Sieve:
    """Which of some patterns can match a text at all, told by its needles in one go."""

    def __init__(self, needed: Iterable[tuple[str, Sequence[frozenset[str]]]]) -> None:
        """``needed``: each pattern with its ``needles``."""
        self._always: set[str] = set()
        self._having: dict[str, list[str]] = {}
        for pattern, sets in needed:
            if not sets:
                self._always.add(pattern)
            for needle in sets[0] if sets else ():
                self._having.setdefault(needle, []).append(pattern)

    def passed(self, found: AnySet[str]) -> set[str]:
        """The patterns that a text with these ``grams`` must be searched for."""
        out = set(self._always)
        for needle in self._having.keys() & found:
            out.update(self._having[needle])
        return out


def grams(text: str) -> set[str]:
    """All needles of a text in small letters."""
    return set(text).union(*map(_parts, _WORD.findall(text)))


@lru_cache(maxsize=1 << 13)
def _parts(word: str) -> frozenset[str]:
    return frozenset(word[i : i + size] for size in _SIZES for i in range(len(word) - size + 1))


def needles(pattern: str) -> list[frozenset[str]]:
    """Sets of needles: each match of ``pattern`` has at least one of every set."""
    known = (one for one in _read(parser.parse(pattern))[1] if _usable(one))
    looked_up = (frozenset(map(_needle, one)) for one in sorted(known, key=_cost))
    return list(dict.fromkeys(looked_up))[:_SETS]


def _needle(string: str) -> str:
    """The part of a string that is looked up: the beginning of its longest word."""
    word = max(_WORD.findall(string), key=len, default="")
    signs = (sign for sign in string if not sign.isascii())
    return word[: _SIZES[-1]] if len(word) >= _SIZES[0] else next(signs, "")


def _usable(strings: _Strings) -> bool:
    return all(map(_needle, strings))


def _cost(strings: _Strings) -> int:
    """How often some of ``strings`` may be found in a text where the pattern is not."""
    return sum(1 if one.isascii() else _SIGN_WORTH for one in {*map(_needle, strings)})


def _best(known: Iterable[_Strings]) -> _Strings | None:
    return min(filter(_usable, known), key=_cost, default=None)


def _read(items: Iterable[tuple[Any, Any]]) -> _Read:
    """All that a part of a pattern matches, None if too much; and sets of which it has one each."""
    now, done = _NOTHING, []
    for kind, what in items:
        strings, inner = _one(kind, what)
        if strings is not None and len(now) * len(strings) <= _MOST:
            now = frozenset(before + one for before in now for one in strings)
        else:
            done += [now, *inner]
            now = strings or _NOTHING
    return (None if done else now), [*done, now]


def _one(kind: Any, what: Any) -> _Read:  # noqa: PLR0911 - one answer a kind
    if kind is op.LITERAL:
        return frozenset({chr(what)}), []
    if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return _NOTHING, []
    if kind is op.IN:
        plain = all(one is op.LITERAL for one, _ in what)
        return (frozenset(chr(code) for _, code in what) if plain else None), []
    if kind is op.SUBPATTERN:
        return _read(what[-1])
    if kind is op.BRANCH:
        return _any_of([_read(part) for part in what[1]])
    if kind in _REPEATS:
        least, most, part = what
        exact, known = _read(part)
        if most == 1 and exact is not None:
            return (exact if least else exact | _NOTHING), []
        return None, known if least else []
    return None, []


def _any_of(parts: list[_Read]) -> _Read:
    """What is known of one of several."""
    exact = [strings for strings, _ in parts if strings is not None]
    if len(exact) == len(parts):
        return frozenset().union(*exact), []
    known = [best for _, sets in parts if (best := _best(sets)) is not None]
    return None, [frozenset().union(*known)] if len(known) == len(parts) else []
