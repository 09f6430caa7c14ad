"""The time that a figure covers, in the words of ``docs/claims.md``."""

import re
from collections.abc import Callable

from processors.nlp.claims.needles import sieve_of
from processors.nlp.claims.scene import Scene, once
from processors.nlp.quantities import Quantity
from processors.nlp.quantities.numerals import read_digits, read_words
from processors.nlp.quantities.quantity import readable

_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4}
_COUNT = r"(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"

_AGO = r" (?:ago|earlier|before|prior|previously)\b"
"""After ``a year``: a time and no rate."""

_FAR = 14
"""Words from which on a period is not that of a figure."""
Reader = Callable[[re.Match[str]], str]


def _number(text: str) -> int:
    return int(read_digits(text) if text.isdigit() else read_words(text) or 0)


def _half(m: re.Match[str]) -> str:
    year, half = m["y"] or m["y2"], m["h"] or (1 if m[0].lower().startswith("first") else 2)
    return f"{year}-H{half}"


def _quarter(m: re.Match[str]) -> str:
    quarter = f"Q{m['q'] or _QUARTERS[m['o'].lower()]}"
    return f"{m['y']}-{quarter}" if m["y"] else quarter


def _years(m: re.Match[str]) -> str:
    return f"P{_number(m['n'])}Y"


_A_YEAR = r"(?:fiscal |financial |calendar )?year"
_IN = r"(?:late |early |mid-|fiscal |the whole of |all of |\w+ )?"
_PATTERNS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (
            r"(?:from|between) (?P<a>20\d\d) (?:to|and|until|through) (?P<b>20\d\d)",
            lambda m: f"{m['a']}/{m['b']}",
        ),
        (r"(?:first|second) half of (?P<y>20\d\d)|H(?P<h>[12]) (?P<y2>20\d\d)", _half),
        (r"between January and June (?P<y>20\d\d)", lambda m: f"{m['y']}-H1"),
        (
            r"(?:(?P<o>first|second|third|fourth|final)[- ]quarter|Q(?P<q>[1-4]))"
            r"(?: of)?(?: (?P<y>20\d\d))?",
            _quarter,
        ),
        (
            r"(?:over|in|within|across|for|during) (?:the )?(?:next |coming |course of "
            rf"|space of |a )?{_COUNT}[- ]years?",
            _years,
        ),
        (rf"{_COUNT}-year\b", _years),
        (
            r"(?:over|in|within) (?:a|one|the (?:next|coming)|a single) year|within a year",
            lambda _: "P1Y",
        ),
        (
            rf"\b(?:a|per|each|every) year\b(?!{_AGO})|annual(?:ly|ised|ized)?\b|\bARR\b"
            r"|run[- ]rate|recurring revenue|yearly",
            lambda _: "per_year",
        ),
        (
            rf"\b(?:this|the current|the present) {_A_YEAR}\b|this year['’]s",
            lambda _: "this_year",
        ),
        (
            rf"\b(?:last|the previous|the past) {_A_YEAR}\b(?:{_AGO})?"
            rf"|\b(?:a|one|the) {_A_YEAR}{_AGO}",
            lambda _: "last_year",
        ),
        (r"\bnext year\b", lambda _: "next_year"),
        (r"\bquarter(?:ly)?\b|three months to", lambda _: "quarter"),
        (
            rf"\bin {_IN}(?P<y>20\d\d)\b|\bfor (?:all of |fiscal )?(?P<y2>20\d\d)\b"
            r"|by (?:the )?end of (?P<y3>20\d\d)|at the end of (?P<y4>20\d\d)"
            r"|(?:close|course of|during|of|by|end) (?P<y5>20\d\d)\b",
            lambda m: next(g for g in m.groups() if g),
        ),
    )
)


_SIEVE = sieve_of(pattern.pattern for pattern, _ in _PATTERNS)


def period_of(scene: Scene, figure: Quantity) -> str | None:
    """The period nearest to a figure within its part of the sentence; None when none is named."""
    place = (figure.start - scene.at, figure.end - scene.at)
    named = _named(scene, scene.segment(place[0]))
    apart = [(scene.distance(span, place), period) for span, period in named]
    nearest = min(apart, key=lambda one: one[0], default=(_FAR, ""))
    return nearest[1] if nearest[0] <= _FAR and nearest[1] else None


@once
def _named(scene: Scene, part: tuple[int, int]) -> list[tuple[tuple[int, int], str]]:
    """Where a part of the sentence names periods, in the order of the patterns."""
    text = readable(scene.text)
    possible = _SIEVE.passed(text)
    return [
        (found.span(), reader(found))
        for pattern, reader in _PATTERNS
        if pattern.pattern in possible
        for found in pattern.finditer(text, *part)
    ]
