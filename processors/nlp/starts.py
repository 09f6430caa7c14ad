"""Where sentences start, by punctuation, capitals and known abbreviations; no model is asked.

A line break always ends a sentence, so that no sentence runs from a heading into a text.
"""

import re
from collections.abc import Iterator

from processors.nlp.runs import found_at
from processors.nlp.wordlists import words
from processors.records import Span

_END = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>[\"'”’»)\]]*+)[^\S\n]++"
    r"|\n\s*+"
)
"""A run of stops is tried from its beginning alone: else long ones take forever."""
_SIGN = re.compile(r"[.!?…\n]")
"""What an end begins with."""
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«]+$")
_OPENING = re.compile(r"[\"'“‘«(\[]*")
_STARTS = re.compile(r"[^\W\d_a-z]|[A-Z]|\d|[a-z]{1,3}[A-Z]|[$€£¥₹₩#@•*]")
"""How a new sentence begins: a capital, a figure, a brand like ``xAI``, a sign."""
_TITLES = words("titles")
"""A stop after these is part of them."""
_SHORT_FORMS = words("short_forms")
"""A stop after these ends a sentence only before a word that begins one."""
_BEGINNERS = words("beginners")
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])*")
_WORD = re.compile(r"[\w'’]+")
_NUMBERED = re.compile(r"\d{1,3}|[a-zA-Z]|[ivx]{1,4}")


def sentence_starts(text: str) -> Iterator[int]:
    """The offsets at which sentences of ``text`` start, in order. Linear in its length."""
    start = len(text) - len(text.lstrip())
    if start < len(text):
        yield start
    signs = (sign.start() for sign in _SIGN.finditer(text, start))
    for found in found_at(_END, text, signs):
        at = found.end()
        if at >= len(text) or (found["stop"] and not _ends(text, start, found)):
            continue
        start = at
        yield at


def sentence_around(text: str, start: int, end: int) -> Span:
    """The sentence of ``text`` that holds a stretch; from the first to the last where it has more.

    Without the white space behind it. What is looked at are the lines of the stretch alone.
    """
    line = text.rfind("\n", 0, start) + 1
    behind = text.find("\n", max(start, end - 1)) % (len(text) + 1)
    first, last = line, behind
    for place in sentence_starts(text[line:behind]):
        if line + place <= start:
            first = line + place
        elif line + place >= end:
            last = line + place
            break
    return Span(start=first, end=max(end, first + len(text[first:last].rstrip())))


def _ends(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether the stop that was found ends the sentence that begins at ``start``."""
    opening = _OPENING.match(text, found.end())
    first = opening.end() if opening else found.end()
    if not _STARTS.match(text, first):
        return False
    if found["stop"] != ".":
        return True
    before = _WORD_BEFORE.search(text, max(start, found.start() - 24), found.start())
    word = before[0] if before else ""
    numbered = before and before.start() == start and _NUMBERED.fullmatch(word)
    broken = word[-1:].isdigit() and text[first].isdigit()  # a decimal: ``$27. 5 million``
    if numbered or broken or (not found["close"] and word.lower() in _TITLES):
        return False
    short = word.lower() in _SHORT_FORMS or _INITIALS.fullmatch(word)
    return bool(found["close"]) or not short or _begins(text, first)


def _begins(text: str, at: int) -> bool:
    """Whether a word stands at ``at`` that seldom goes on after a short form."""
    following = _WORD.match(text, at)
    return following is not None and following[0].lower() in _BEGINNERS
