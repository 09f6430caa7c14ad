"""What a figure in a text says: the amount, how exact it is, of what, and where it stands."""

from collections.abc import Iterable
from typing import Literal

import msgspec

from processors.nlp.runs import plain_letters
from processors.records import Bound

Sort = Literal["money", "chips", "people", "number", "date"]

MAX_TEXT = 100_000
"""Characters of a text that are looked at; the rest of a longer one is left unread."""


def readable(text: str) -> str:
    """The part of a text that is looked at, every character in its place.

    Its letters are such that whatever a pattern finds is found in its table of words too.
    """
    return plain_letters(text[:MAX_TEXT])


class Other(msgspec.Struct, frozen=True):
    """The same amount in a second currency, as the text gives it in brackets."""

    currency: str
    low: float | None
    high: float | None


class Quantity(msgspec.Struct, frozen=True, kw_only=True):
    """One figure or date. ``text[start:end]`` is its evidence, the words of its bound included."""

    sort: Sort
    start: int
    end: int
    figure: int
    """Where the figure itself begins, after ``about`` or ``more than``."""
    low: float | None = None
    high: float | None = None
    bound: Bound = "exact"
    currency: str | None = None
    per: str | None = None
    """What the amount is per: ``per_million_tokens``, ``per_chip``, ``per_month``, ``per_year``…"""
    noun: str = ""
    """What is counted, as the text names it (``H100s``, ``data annotators``)."""
    other: Other | None = None
    date: str = ""
    """ISO 8601 prefix: ``2023``, ``2023-05``, ``2025-01-20``, ``2026-Q1``."""

    @property
    def size(self) -> float:
        """One number to compare amounts by."""
        return self.low if self.low is not None else self.high or 0.0


class Taken:
    """The characters of a text that are read already; asking costs the length of the stretch."""

    def __init__(self, size: int, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._marks = bytearray(size)
        for start, end in spans:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        """Mark a stretch of the text."""
        self._marks[start:end] = b"\x01" * (end - start)

    def meets(self, start: int, end: int) -> bool:
        """Whether a character of this stretch is marked."""
        return self._marks.find(1, start, end) >= 0
