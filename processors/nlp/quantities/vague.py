"""Amounts without a number: ``hundreds of millions (or even billions)``, ``nine-figure``."""

import re

from processors.nlp.quantities.currencies import (
    BEGINNINGS,
    FIRST_WORDS,
    NAME,
    SIGN,
    currency_of,
    signs,
)
from processors.nlp.quantities.quantity import Quantity
from processors.nlp.runs import Runs, found_at
from processors.nlp.wordlists import words as word_list

_SIZE = {
    "ten": 1e1, "dozen": 1e1, "score": 1e1, "hundred": 1e2, "thousand": 1e3, "million": 1e6,
    "billion": 1e9, "trillion": 1e12, "crore": 1e7, "lakh": 1e5,
}  # fmt: skip
_CEILING = {
    "ten": 1e2, "dozen": 1e2, "score": 1e2, "hundred": 1e3, "thousand": 1e6, "million": 1e9,
    "billion": 1e12, "trillion": 1e15, "crore": 1e9, "lakh": 1e7,
}  # fmt: skip
_FIGURES = {"six": 1e5, "seven": 1e6, "eight": 1e7, "nine": 1e8, "ten": 1e9, "eleven": 1e10}

_LOWMID = r"(?:(?:low|mid|high)(?:er)?[\s-])?"
_COUNT = rf"{_LOWMID}(?:tens|dozens|scores|hundreds|thousands)"
_MASS = r"(?:hundreds|thousands|millions|billions|trillions|crores|lakhs)"
_ONE = rf"(?:{_COUNT}(?:\sto\s{_COUNT})?\sof\s{_MASS}|{_MASS}(?:\sto\s{_LOWMID}{_MASS})?)"
_SEVERAL = (
    r"(?:several|a few|multiple|many)\s(?:(?:hundred|dozen)\s?)?"
    r"(?:thousand|million|billion|trillion)?"
)
_MONEY_OF = rf"(?:\sof\s(?P<of>(?:US\s|U\.S\.\s)?{NAME}))?"

PHRASE = re.compile(
    rf"(?=\w|[{BEGINNINGS}]\s?\w)(?<![\w-])(?P<sign>{SIGN}\s?)?(?:"
    rf"(?P<plural>{_ONE}){_MONEY_OF}"
    rf"(?P<even>\s?[(,—–-]?\s?(?:or even|if not|or perhaps|perhaps even|maybe even|or|even)\s"
    rf"(?P<more>{_ONE})(?:,?\sof\s(?P<more_of>{NAME}))?\)?)?"
    rf"|(?P<several>{_SEVERAL})(?:\s(?P<several_name>{NAME}))?"
    rf"|(?P<figures>six|seven|eight|nine|ten|eleven)[\s-]figure"
    rf"(?:\s(?:sum|amount|budget|deal|price|bill|cheque|fee))?"
    rf"|(?:multi-?|multiple-)(?P<multi>million|billion|trillion)(?:[\s-](?P<multi_name>{NAME}))?"
    rf")(?!\w)",
    re.IGNORECASE,
)
_FIRST_WORDS = FIRST_WORDS | word_list("vague_openers")
_OF_THINGS = re.compile(r"\s?(?:of\s|[\w'-]+\s(?:users|people|parameters|tokens|downloads|views))")


def _stem(word: str) -> str:
    return word.lower().rstrip("s")


def _span(phrase: str) -> tuple[float, float]:
    """Floor and ceiling of ``tens to low hundreds of millions``."""
    words = [_stem(w) for w in re.findall(r"[a-z]+", phrase.lower())]
    sizes = [w for w in words if w in _SIZE]
    if " of " in phrase.lower() and len(sizes) > 1:
        counts, mass = sizes[:-1], sizes[-1]
        return _SIZE[counts[0]] * _SIZE[mass], _CEILING[counts[-1]] * _SIZE[mass]
    return _SIZE[sizes[0]], _CEILING[sizes[-1]]


def _several(phrase: str) -> tuple[float, float] | None:
    words = [_stem(w) for w in phrase.split()]
    sizes = [_SIZE[w] for w in words if w in _SIZE]
    if not sizes:
        return None
    base = 1.0
    for size in sizes:
        base *= size
    if len(sizes) > 1 or words[-1] in {"hundred", "dozen"}:
        return base, base * 10
    return base, base * 1e3


def _limits(found: re.Match[str]) -> tuple[float, float] | None:
    if found["figures"]:
        floor = _FIGURES[found["figures"].lower()]
        return floor, floor * 10
    if found["multi"]:
        return _SIZE[found["multi"].lower()], _CEILING[found["multi"].lower()]
    if found["several"]:
        return _several(found["several"])
    low, high = _span(found["plural"])
    if found["more"]:
        high = max(high, _span(found["more"])[1])
    return low, high


def beginnings(text: str, runs: Runs) -> list[int]:
    """Where a vague amount may begin; of all articles only those of ``a few`` and ``A$``."""
    words = (
        place
        for place, word in runs.among(_FIRST_WORDS)
        if word != "a" or runs.lower.startswith((" few", "$"), place + 1)
    )
    return sorted([*words, *signs(text)])


def find_vague(text: str, runs: Runs) -> list[Quantity]:
    """Vague amounts in order: ``money`` where a currency is named or nothing else is counted.

    The others are ``number``: of chips or people, as the words after them say. ``text`` is
    readable.
    """
    out = []
    for found in found_at(PHRASE, text, beginnings(text, runs)):
        span = _limits(found)
        if span is None:
            continue
        named = found["of"] or found["more_of"] or found["several_name"] or found["multi_name"]
        currency = currency_of((found["sign"] or "").strip() or None, named, text)
        money = bool(currency or found["figures"] or found["multi"])
        if not money and not _OF_THINGS.match(text, found.end()):
            money = span[0] >= 1e6
        start = found.start()
        out.append(
            Quantity(
                sort="money" if money else "number", start=start, end=found.end(), figure=start,
                low=span[0], high=span[1], bound="vague",
                currency=(currency or "USD") if money else None,
            )
        )  # fmt: skip
    return out
