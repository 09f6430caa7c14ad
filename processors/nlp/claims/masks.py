"""The sentence as the kinds' patterns read it: names and figures replaced by one sign a sort.

The masked sentence is as long as the sentence, so offsets agree. ``{money}``, ``{org}`` and the
rest in a pattern stand for such a replaced stretch.
"""

import re
from collections.abc import Iterable
from functools import cache

from processors.nlp.claims.needles import lower, needles
from processors.nlp.marks import Marks

FILL = "\ue000"
SIGNS = {
    "org": "\ue001",
    "model": "\ue002",
    "chip": "\ue003",
    "person": "\ue004",
    "place": "\ue005",
    "product": "\ue006",
    "money": "\ue010",
    "chips": "\ue011",
    "people": "\ue012",
    "number": "\ue013",
    "date": "\ue014",
}
TYPE_SIGN = {
    "company": "org",
    "lab": "org",
    "fund": "org",
    "agency": "org",
    "other": "org",
    "person": "person",
    "model": "model",
    "chip": "chip",
    "product": "product",
    "country": "place",
}
WORD = r"[\w'’-]"
"""In a pattern, a character of a word or of a replaced name, not of a replaced figure."""
_NAMED = re.compile(r"\{(" + "|".join(SIGNS) + r")\}")


WORD_START = r"(?<![\w-])"
"""How a pattern of whole words begins."""
_PICTURES = range(0x1F300, 0x1FB00)
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]|[^\\\[()|]+")


class Pattern:
    """A kind's pattern, ready to be looked for in masked sentences.

    Alternatives that begin at a word's start look for the character before the word first: the
    search then runs from one such place to the next instead of trying every character.
    """

    def __init__(self, pattern: str) -> None:
        self._cased = "(?-i:" in pattern
        parts = _alternatives(pattern)
        whole = [p.removeprefix(WORD_START) for p in parts if p.startswith(WORD_START)]
        other = [p for p in parts if not p.startswith(WORD_START)]
        self._whole = self._made(f"{outside_words()}(?:{'|'.join(whole)})") if whole else None
        self._other = self._made("|".join(other)) if other else None
        self.needles = self._needed()

    def _needed(self) -> list[frozenset[str]]:
        """Sets of needles: a text without one of each set need not be searched."""
        made = [one.pattern for one in (self._whole, self._other) if one is not None]
        # A blank stands for the set of all that is no word: it is long, and says no more.
        return needles("|".join(made).replace(outside_words(), "[ ]"))

    def _made(self, pattern: str) -> re.Pattern[str]:
        masked = _NAMED.sub(lambda m: f"(?:{SIGNS[m[1]]}{FILL}{{0,400}}+)", pattern)
        letters = f"\\w'’{FILL}-\ue00f-"
        # What is no part of a word must not match what is: else patterns of words backtrack.
        masked = masked.replace(WORD, f"[{letters}]").replace(r"\W", f"[^{letters}]")
        if self._cased:
            return re.compile(masked, re.IGNORECASE)
        return re.compile(lower(masked))

    def spans(self, masked: str, lowered: str, padded: str) -> list[tuple[int, int]]:
        """Where it stands in a sentence: as it is, in small letters, and so with a blank before."""
        if self._cased:
            lowered, padded = masked, f" {masked}"
        found = [m.span() for m in self._other.finditer(lowered)] if self._other else []
        if self._whole is None:
            return found
        words = [(m.start(), m.end() - 1) for m in self._whole.finditer(padded)]
        return sorted([*found, *words]) if found else words


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the bars that stand in no bracket."""
    parts, depth = [""], 0
    for piece in _PIECE.findall(pattern):
        depth += (piece == "(") - (piece == ")")
        if piece == "|" and depth == 0:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


@cache
def outside_words() -> str:
    """A pattern for any character that is no part of a word: a set, which is quick to test.

    Of the characters past the first plane it has the pictures alone.
    """
    runs: list[list[int]] = []
    for code in (*range(0x10000), *_PICTURES):
        if chr(code).isalnum() or chr(code) in "_-":
            continue
        if runs and runs[-1][1] == code - 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return "[" + "".join(f"{_in_set(low)}-{_in_set(high)}" for low, high in runs) + "]"


def _in_set(code: int) -> str:
    """A character within brackets; as it is where it can be, which is read many times as fast."""
    return f"\\x{code:02x}" if code < 0x80 else chr(code)


@cache
def compiled(pattern: str) -> Pattern:
    """A kind's pattern over masked text.

    Case does not count but in ``(?-i:...)``, which is slower. Word boundaries are its own matter.
    """
    return Pattern(pattern)


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """``text`` with each span (start, end, name of its sign) replaced; earlier spans win."""
    taken = Marks(len(text))
    kept = []
    for start, end, name in spans:
        if start < end and not taken.touch(start, end):
            taken.add(start, end)
            kept.append((start, end, SIGNS[name]))
    parts, at = [], 0
    for start, end, sign in sorted(kept):
        parts += [text[at:start], sign, FILL * (end - start - 1)]
        at = end
    return "".join([*parts, text[at:]])
