"""The sentence as the kinds' patterns read it: names and figures replaced by one sign a sort.

The masked sentence is as long as the sentence, so offsets agree. ``{money}``, ``{org}`` and the
rest in a pattern stand for such a replaced stretch.
"""

import re
from collections.abc import Iterable
from functools import cache

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


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A kind's pattern over masked text; case does not count.

    Use ``(?-i:...)`` where it does. Word boundaries are the pattern's own matter.
    """
    masked = _NAMED.sub(lambda m: f"(?:{SIGNS[m[1]]}{FILL}{{0,400}})", pattern)
    letters = f"\\w'’{FILL}-\ue00f-"
    # What is no part of a word must not match what is: else a pattern of words backtracks for ever.
    masked = masked.replace(WORD, f"[{letters}]").replace(r"\W", f"[^{letters}]")
    return re.compile(masked, re.IGNORECASE)


def mask(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    """``text`` with each span (start, end, name of its sign) replaced; earlier spans win."""
    signs = list(text)
    taken = [False] * len(text)
    for start, end, name in spans:
        if end <= start or any(taken[start:end]):
            continue
        signs[start:end] = [SIGNS[name], *([FILL] * (end - start - 1))]
        taken[start:end] = [True] * (end - start)
    return "".join(signs)
