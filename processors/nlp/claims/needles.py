"""What must stand in a text where a pattern matches: most patterns are ruled out by that alone.

A needle is the beginning of a word, a whole word, some letters in a row, or a sign of ``masks.py``;
a blank in it stands for an end of a word. Of each pattern sets of needles are known of which every
match has one each; a text without need not be searched.
"""

import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import zip_longest
from typing import Any

from processors.bounds import make_room
from processors.nlp.runs import plain_letters

# There is no public door to how ``re`` reads a pattern, and no types behind the other one.
op: Any = import_module("re._constants")
parser: Any = import_module("re._parser")

_LONGEST = 6
"""Letters of a word's beginning, or of a whole word, that are looked up."""
_INNER = (3, 4)
"""Letters in a row that are looked up where a word may begin before them."""
_WORD = re.compile(r"[a-z]+")
_CAPITALS = re.compile(r"\\.|\(\?P[<=>]|[A-Z]")
_COMMON = frozenset(
    f" {word} "
    for word in "a an the of to in for on at by with and or it is was has had that as".split()  # noqa: SIM905
)
_COMMON_WORTH = 30
"""Needles that a sign or such a word counts for in a choice: they stand in most sentences."""
_MOST = 400
"""Strings that are told apart; where there are more, less is known of the pattern."""
_SETS = 2
"""Sets of needles that are looked up."""
_MOST_WORDS = 1 << 14
_MOST_SETS = 1 << 12
type _Strings = frozenset[str]
type _Found = tuple[_Strings, frozenset[str]]
type _Read = tuple[_Strings | None, list[_Strings]]
_NOTHING: _Strings = frozenset({""})
_BLANK: _Strings = frozenset({" "})
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_LETTERS = frozenset(map(ord, string.ascii_lowercase))
_SIGN_CODES = range(0xE001, 0xE100)
"""Of the signs of ``masks.py``, without the one that fills."""
_WITH_LETTERS = {op.CATEGORY_WORD, op.CATEGORY_NOT_DIGIT, op.CATEGORY_NOT_SPACE}


class Sieve:
    """Which of some patterns can match a text, told by its needles in one go; case never counts."""

    def __init__(self, needed: Mapping[str, Sequence[_Strings]]) -> None:
        """``needed``: each pattern with its ``needles``."""
        self.patterns = frozenset(needed)
        """All of them."""
        self._always = frozenset(pattern for pattern, sets in needed.items() if not sets)
        self._second = {pattern: sets[1] for pattern, sets in needed.items() if sets[1:]}
        self._having: dict[str, list[str]] = {}
        for pattern, sets in needed.items():
            for needle in sets[0] if sets else ():
                self._having.setdefault(needle, []).append(pattern)
        self._needles = frozenset(n for sets in needed.values() for one in sets for n in one)
        self._signs = [sign for sign in sorted(self._needles) if not sign.isascii()]
        self._words: dict[str, _Found] = {}
        self._sets: dict[_Strings, _Strings] = {}
        """Each set that a word has, once: rare words have few different ones, 216 bytes each."""

    def __contains__(self, pattern: object) -> bool:
        return pattern in self.patterns

    def passed(self, text: str) -> set[str]:
        """The patterns that ``text`` must be searched for."""
        text = plain_letters(text).lower()
        signs = [sign for sign in self._signs if sign in text]
        words = [self._of_word(word) for word in {*signs, *_WORD.findall(text)}]
        found = frozenset().union(*(needles for needles, _ in words))
        likely = self._always.union(*(patterns for _, patterns in words))
        second, lacks = self._second, found.isdisjoint
        return {one for one in likely if one not in second or not lacks(second[one])}

    def _of_word(self, word: str) -> _Found:
        """The needles in a word, and the patterns they may be of; kept, as words come again."""
        known = self._words.get(word)
        if known is None:
            if len(self._words) >= _MOST_WORDS:
                make_room(self._words)
            if len(self._sets) >= _MOST_SETS:
                make_room(self._sets)
            found = self._needles.intersection(_parts(word))
            patterns = frozenset(p for needle in found for p in self._having.get(needle, ()))
            known = self._words[word] = self._once(found), self._once(patterns)
        return known

    def _once(self, strings: _Strings) -> _Strings:
        return self._sets.setdefault(strings, strings)


def sieve_of(patterns: Iterable[str]) -> Sieve:
    """A sieve for patterns as they are compiled."""
    return Sieve({pattern: needles(pattern) for pattern in patterns})


def _parts(word: str) -> Iterator[str]:
    """All needles that may be in a word or be the sign."""
    yield word
    yield f" {word} "
    for end in range(1, min(len(word), _LONGEST) + 1):
        yield f" {word[:end]}"
    for size in _INNER:
        for start in range(len(word) - size + 1):
            yield word[start : start + size]


def lower(pattern: str) -> str:
    """A pattern in small letters, its escapes and groups left alone."""
    return _CAPITALS.sub(lambda m: m[0] if len(m[0]) > 1 else m[0].lower(), pattern)


def needles(pattern: str) -> list[_Strings]:
    """Sets of needles: each match of ``pattern``, in small letters, has at least one of every set.

    Empty where nothing is known.
    """
    known = (one for one in _read(parser.parse(lower(pattern)))[1] if _usable(one))
    looked_up = (frozenset(map(_needle, one)) for one in sorted(known, key=_cost))
    return list(dict.fromkeys(looked_up))[:_SETS]


def _needle(text: str) -> str:
    """The part of a match that is looked up: of its longest word, else a sign."""
    words = (_of_match(text, found) for found in _WORD.finditer(text))
    best = max(words, key=lambda one: (one not in _COMMON, len(one)), default="")
    signs = (sign for sign in text if not sign.isascii())
    return best or next(signs, "")


def _of_match(text: str, found: re.Match[str]) -> str:
    """What is looked up of one word of a match; blanks show where it is known to end."""
    word = found[0]
    if found.start() == 0:
        return word[: _INNER[-1]] if len(word) >= _INNER[0] else ""
    whole = found.end() < len(text) and len(word) <= _LONGEST
    return f" {word} " if whole else f" {word[:_LONGEST]}" if len(word) > 1 else ""


def _usable(strings: _Strings) -> bool:
    return all(map(_needle, strings))


def _cost(strings: _Strings) -> int:
    """How often some of ``strings`` may be found in a text where the pattern is not."""
    found = {*map(_needle, strings)}
    return sum(_COMMON_WORTH if n in _COMMON or not n.isascii() else 1 for n in found)


def _best(known: Iterable[_Strings]) -> _Strings | None:
    return min(filter(_usable, known), key=_cost, default=None)


def _read(items: Iterable[tuple[Any, Any]], before: bool = False, after: bool = False) -> _Read:
    """All that a part of a pattern matches, None if too much; and sets of which it has one each.

    A blank stands for what is no letter, or for an end of a word. ``before`` and ``after`` tell
    that one is next to the part.
    """
    now, done = _BLANK if before else _NOTHING, []
    row = list(items)
    for (kind, what), following in zip_longest(row, row[1:]):
        begins = all(one.endswith(" ") for one in now)
        ends = after if following is None else _is_blank(*following)
        strings, inner = _one(kind, what, begins, ends)
        if strings is not None and len(now) * len(strings) <= _MOST:
            now = frozenset(before + one for before in now for one in strings)
        else:
            done += [now, *inner]
            now = strings or _NOTHING
    if after:
        now = frozenset(f"{one} " for one in now)
    return (None if done else now), [*done, now]


def _is_blank(kind: Any, what: Any) -> bool:
    """Whether a part of a pattern is at an end of a word for sure."""
    return kind in (op.LITERAL, op.IN, op.AT, op.ASSERT_NOT) and _one(kind, what)[0] == _BLANK


def _one(kind: Any, what: Any, before: bool = False, after: bool = False) -> _Read:  # noqa: PLR0911 - one answer a kind
    if kind is op.LITERAL:
        return frozenset({_told_apart(what)}), []
    if kind is op.AT:
        return (_BLANK if what is op.AT_BOUNDARY else _NOTHING), []
    if kind is op.ASSERT:
        return _NOTHING, []
    if kind is op.ASSERT_NOT:
        return (_BLANK if _any_letter(what[1]) else _NOTHING), []
    if kind is op.IN:
        return _of_class(what), []
    if kind is op.SUBPATTERN:
        return _read(what[-1], before, after)
    if kind is op.BRANCH:
        return _any_of([_read(part, before, after) for part in what[1]])
    if kind in _REPEATS:
        return _repeated(*what)
    return None, []


def _repeated(least: int, most: int, part: Any) -> _Read:
    exact, known = _read(part)
    if exact is not None and (most == 1 or exact == _BLANK):
        return (exact if least else exact | _NOTHING), []
    return None, known if least else []


def _of_class(members: Sequence[tuple[Any, Any]]) -> _Strings | None:
    if all(one is op.LITERAL for one, _ in members):
        return frozenset(_told_apart(code) for _, code in members)
    return None if _letters(members) else _BLANK


def _told_apart(code: int) -> str:
    """A letter or a sign as it is, a blank for all else."""
    return chr(code) if code in _LETTERS or code in _SIGN_CODES else " "


def _any_letter(part: Sequence[tuple[Any, Any]]) -> bool:
    """Whether a part of a pattern is one character, and may be any letter."""
    if len(part) != 1 or part[0][0] is not op.IN:
        return False
    return _letters(part[0][1]) == _LETTERS


def _letters(members: Sequence[tuple[Any, Any]]) -> frozenset[int]:
    """The letters that a class of characters has."""
    found: set[int] = set()
    for kind, what in members:
        if kind is op.LITERAL:
            found.add(what)
        elif kind is op.RANGE:
            found.update(range(max(what[0], ord("a")), min(what[1], ord("z")) + 1))
        elif kind is op.CATEGORY and what in _WITH_LETTERS:
            found |= _LETTERS
    negated = members[0][0] is op.NEGATE
    return frozenset(_LETTERS - found if negated else found & _LETTERS)


def _any_of(parts: list[_Read]) -> _Read:
    """What is known of one of several."""
    exact = [strings for strings, _ in parts if strings is not None]
    if len(exact) == len(parts):
        return frozenset().union(*exact), []
    known = [best for _, sets in parts if (best := _best(sets)) is not None]
    return None, [frozenset().union(*known)] if len(known) == len(parts) else []
