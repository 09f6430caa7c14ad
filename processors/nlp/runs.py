"""Where each word of a text stands, so that a pattern is tried only where its first word is.

To search a text for a pattern takes a try at each character; to try it at the words that it can
begin with takes a hundredth of that. Words are found once a text, for all who ask.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from itertools import accumulate

_RUN = re.compile(r"([^\W\d_]+|\d+)")
_FIGURE = re.compile(r"\d+")
_TWINS = dict(zip("İıſ\u212a", "iisk", strict=True))


def plain_letters(text: str) -> str:
    """``text`` with an ASCII letter for each of the four that a pattern without case takes for one.

    Every character keeps its place, in small letters too.
    """
    if not text.isascii():
        for letter, plain in _TWINS.items():
            text = text.replace(letter, plain)
    return text


def first_run(name: str) -> str:
    """The first run of letters or digits in a name; empty where it has none."""
    found = _RUN.search(plain_letters(name).lower())
    return found[0] if found else ""


class Runs:
    """The runs of letters and of digits in a text, in small letters, and where they stand."""

    def __init__(self, text: str) -> None:
        self.lower = plain_letters(text).lower()
        pieces = _RUN.split(self.lower)
        self._words = pieces[1::2]
        self._starts = list(accumulate(map(len, pieces)))[::2]
        self.all = frozenset(self._words)
        """Every run that the text has."""

    def among(self, words: Collection[str]) -> list[tuple[int, str]]:
        """Where any of ``words`` stands, and which, in the order of the text."""
        if self.all.isdisjoint(words):
            return []
        return [
            (start, word)
            for start, word in zip(self._starts, self._words, strict=False)
            if word in words
        ]

    @cached_property
    def figures(self) -> list[int]:
        """Where runs of digits stand."""
        return [found.start() for found in _FIGURE.finditer(self.lower)]


def found_in_lines(
    pattern: re.Pattern[str], text: str, places: Iterable[int]
) -> Iterator[re.Match[str]]:
    """As ``pattern.finditer(text)``, for a pattern that stays in a line and has one of ``places``.

    Places are in order.
    """
    end = -1
    for place in places:
        if place > end:
            start = text.rfind("\n", 0, place) + 1
            end = text.find("\n", place) % (len(text) + 1)
            yield from pattern.finditer(text, start, end)


def found_at(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """As ``pattern.finditer(text)``, for a pattern that can begin only at ``places``, in order."""
    after = 0
    for place in places:
        if place >= after and (found := pattern.match(text, place)):
            after = found.end()
            yield found
