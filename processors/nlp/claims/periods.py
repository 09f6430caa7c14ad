"""The time that a figure covers, in the words of ``docs/claims.md``."""

import re
from collections.abc import Callable

from processors.nlp.claims.scene import Scene
from processors.nlp.quantities import Quantity
from processors.nlp.quantities.numerals import read_digits, read_words

_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_COUNT = r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"

Reader = Callable[[re.Match[str]], str]


def _number(text: str) -> int:
    return int(read_digits(text) if text.isdigit() else read_words(text) or 0)


_PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (r"(?:from|between) (?P<a>20\d\d) (?:to|and|until|through) (?P<b>20\d\d)", lambda m: f"{m['a']}/{m['b']}"),
        (r"(?:first|second) half of (?P<y>20\d\d)|H(?P<h>[12]) (?P<y2>20\d\d)", lambda m: f"{m['y'] or m['y2']}-H{m['h'] or (1 if m[0].lower().startswith('first') else 2)}"),
        (r"between January and June (?P<y>20\d\d)", lambda m: f"{m['y']}-H1"),
        (r"(?:(?P<o>first|second|third|fourth|final)[- ]quarter|Q(?P<q>[1-4]))(?: of)?(?: (?P<y>20\d\d))?", lambda m: (f"{m['y']}-" if m["y"] else "") + f"Q{m['q'] or _QUARTERS[m['o'].lower()]}"),
        (rf"(?:over|in|within|across|for|during) (?:the )?(?:next |coming |course of |space of |a )?{_COUNT}[- ]years?", lambda m: f"P{_number(m['n'])}Y"),
        (r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)-year\b", lambda m: f"P{_number(m['n'])}Y"),
        (r"(?:over|in|within) (?:a|one|the (?:next|coming)|a single) year|within a year", lambda _: "P1Y"),
        (r"\b(?:a|per|each|every) year\b|annual(?:ly|ised|ized)?\b|\bARR\b|run[- ]rate|recurring revenue|yearly", lambda _: "per_year"),
        (r"\b(?:this|the current|the present) (?:fiscal |financial |calendar )?year\b|this year['’]s", lambda _: "this_year"),
        (r"\b(?:last|the previous|the past|a) year(?: ago| earlier)?\b|the year before", lambda _: "last_year"),
        (r"\bnext year\b", lambda _: "next_year"),
        (r"\bquarter(?:ly)?\b|three months to", lambda _: "quarter"),
        (r"\bin (?:late |early |mid-|fiscal |the whole of |all of |\w+ )?(?P<y>20\d\d)\b|\bfor (?:all of |fiscal )?(?P<y2>20\d\d)\b|by (?:the )?end of (?P<y3>20\d\d)|at the end of (?P<y4>20\d\d)|(?:close|course of|during|of|by|end) (?P<y5>20\d\d)\b", lambda m: next(g for g in m.groups() if g)),
    )
)  # fmt: skip


def period_of(scene: Scene, figure: Quantity) -> str | None:
    """The period nearest to a figure within its part of the sentence; None when none is named."""
    place = (figure.start - scene.at, figure.end - scene.at)
    start, end = scene.segment(place[0])
    best: tuple[float, str] | None = None
    for pattern, reader in _PATTERNS:
        for found in pattern.finditer(scene.text, start, end):
            apart = scene.distance(found.span(), place)
            if apart <= 14 and (best is None or apart < best[0]):
                best = (apart, reader(found))
    return best[1] if best else None
