"""Amounts of money in a text: single, ranges, vague ones, with bounds and second currencies."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from processors.nlp.quantities.bounds import bound_after, bound_before, is_tolerance, limits
from processors.nlp.quantities.currencies import (
    BEGINNINGS,
    FIRST_WORDS,
    NAME,
    SIGN,
    currency_of,
    factor_of,
    signs,
)
from processors.nlp.quantities.numerals import (
    DIGITS,
    FREE_SCALE,
    HALF,
    SCALE,
    UNITS,
    WORDS,
    read_digits,
    read_half,
    read_scale,
    read_words,
)
from processors.nlp.quantities.quantity import Other, Quantity, Taken, readable
from processors.nlp.quantities.vague import find_vague
from processors.nlp.runs import Runs, found_at

ATOM = re.compile(
    rf"(?=\w|[{BEGINNINGS}]\s?\.?\d)(?:(?P<sign>{SIGN})\s?(?P<d1>{DIGITS}|\.\d{{1,4}}(?!\d))"
    rf"|(?<![\w.,$€£¥₹₩])(?<![^\W\d_]-)(?:(?P<d2>{DIGITS})|(?!an?\s{SIGN}\s?\d)(?P<words>{WORDS})(?!\w)))"
    rf"(?:(?P<scale>{SCALE}|(?(sign){FREE_SCALE}|(?!)))(?P<half>{HALF})?)?"
    rf"(?:[\s-]?(?:d['’])?(?P<name>{NAME}))?(?!\s?(?:%|per\s?cent|percentage))",
    re.IGNORECASE,
)
_FIRST_WORDS = FIRST_WORDS | UNITS.keys()
_TO = re.compile(
    r"\s?(?:-|–|—|to)\s?(?:as much as )?|\s(?:or|if not|or perhaps) even\s|,? if not\s"
)
_AND = re.compile(r"\s?and\s")
_NEAR_FROM = r"(?:about |around |roughly |some |just )?$"
_BETWEEN = re.compile(rf"(?<!\w)between\s{_NEAR_FROM}", re.IGNORECASE)
_FROM = re.compile(
    rf"(?<!ranging )(?<!ranges )(?<!range )(?<!ranged )(?<!anywhere )(?<!\w)from\s{_NEAR_FROM}",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\s?[(\[](?:or )?(?:about |around |roughly |approximately |approx\. |some |nearly |almost "
    r"|over |more than |up to |equivalent to |equal to |~|≈|= ?)?",
    re.IGNORECASE,
)
_PER = (
    (
        "per_million_tokens",
        r"(?:per|/|for (?:every|each)|a)\s?(?:one |1 ?)?(?:million|m)\s(?:\w+\s){0,3}?tokens?",
    ),
    ("per_million_tokens", r"/\s?1?M\s?(?:\w+\s)?(?:tokens?)?\b"),
    ("per_month", r"(?:a|per|each|every|/)\s?(?:user |seat )?(?:per )?(?:month|mo)\b|monthly\b"),
    ("per_year", r"(?:a|per|each|every|/)\s?(?:year|yr)\b|annually\b|yearly\b"),
    (
        "per_chip",
        r"(?:a|per|each|for (?:each|every|a single|one))\s(?:\w+\s)?"
        r"(?:chip|GPU|card|unit|processor|accelerator|[A-Z]{1,3}\d{2,3}\w?)\b",
    ),
    ("per_day", r"(?:a|per|each|every|for each|/)\s?day\b|daily\b"),
    ("per_hour", r"(?:an?|per|each|every|/)\s?(?:GPU[- ])?hour\b|hourly\b"),
    ("per_quarter", r"(?:a|per|each|every)\s?quarter\b"),
    ("per_share", r"(?:a|per)[\s-]share\b"),
    ("per_book", r"(?:a|per|for each|each)\s(?:book|work|title)\b"),
    ("per_user", r"(?:a|per|each)\s(?:user|seat|head|person|customer)\b"),
)  # fmt: skip
_AGO = r"(?!\s(?:ago|earlier|later|before|after|prior|previously)\b)"
_PER_UNIT = tuple(
    (unit, re.compile(rf"[\s-]?(?:{words}){_AGO}", re.IGNORECASE)) for unit, words in _PER
)


_AGAIN = tuple(f"{gap}{article}{end}" for gap in " \n-" for article in ("a", "an") for end in " \n")
"""After an article these begin no number; they are quicker to see than ``ATOM`` is tried."""
MAX_NUMBERS = 2_000
"""Numbers of a text that are looked at: a text with more is a table, or a trap."""


class Atom(msgspec.Struct, frozen=True):
    """One number of a text with what touches it: sign, scale, currency name."""

    start: int
    end: int
    value: float
    scale: float
    currency: str | None
    worded: bool
    """Written in letters."""

    @property
    def amount(self) -> float:
        return self.value * self.scale


def _atom(found: re.Match[str], text: str) -> Atom | None:
    words = found["words"]
    if words and found["scale"] is None and words.lower() in {"a", "an", "half"}:
        return None
    value = read_words(words) if words else read_digits(found["d1"] or found["d2"])
    if value is None:
        return None
    scale = read_scale(found["scale"])
    value += read_half(found["half"])
    letter = (found["scale"] or "").strip().lower() in {"b", "m", "t", "k", "cr"}
    if letter and not found["sign"] and not found["name"]:
        return None
    currency = currency_of(found["sign"], found["name"], text)
    return Atom(
        found.start(), found.end(), value * factor_of(found["name"]), scale, currency, bool(words)
    )


def sum_at(text: str, at: int) -> bool:
    """Whether money, or a number that is too large to be a version, is written at ``at``."""
    found = ATOM.match(text, at)
    if found is None:
        return False
    return bool(found["sign"] or found["name"] or len((found["scale"] or "").strip()) > 1)


def beginnings(text: str, runs: Runs) -> list[int]:
    """Where a number may begin."""
    words = (
        place
        for place, word in runs.among(_FIRST_WORDS)
        if word != "a" or not runs.lower.startswith(_AGAIN, place + 1)
    )
    return sorted([*words, *runs.figures, *signs(text)])


def find_atoms(text: str, runs: Runs) -> list[Atom]:
    """Every number of a text in order, but percentages and tolerances (``plus or minus 2``)."""
    matches = found_at(ATOM, text, beginnings(text, runs))
    found = (_atom(m, text) for m in islice(matches, MAX_NUMBERS))
    return [a for a in found if a is not None and not is_tolerance(text, a.start)]


def _joined(text: str, first: Atom, second: Atom) -> int | None:
    """Where the range of two numbers begins; None when they are two amounts."""
    gap = text[first.end : second.start]
    before = text[max(0, first.start - 32) : first.start]
    if first.currency and second.currency and first.currency != second.currency:
        return None
    if _AND.fullmatch(gap):
        between = _BETWEEN.search(before)
        return first.start - len(between[0]) if between else None
    if not _TO.fullmatch(gap) or _FROM.search(before):
        return None
    low, high = scaled(first, second)
    return first.start if low < high else None


def scaled(first: Atom, second: Atom) -> tuple[float, float]:
    """The ends of a range; the first takes the scale of the second in ``$3-4 billion``."""
    if first.scale == 1 and second.scale > 1 and first.value < 1000:
        return first.value * second.scale, second.amount
    return first.amount, second.amount


def ranges(text: str, atoms: list[Atom]) -> Iterator[tuple[Atom, Atom | None, int]]:
    """Numbers, two that make a range together; with where the words for them begin."""
    place = 0
    while place < len(atoms):
        first = atoms[place]
        second = atoms[place + 1] if place + 1 < len(atoms) else None
        start = _joined(text, first, second) if second is not None else None
        if start is not None:
            yield first, second, start
            place += 2
        else:
            yield first, None, first.start
            place += 1


def per_unit(text: str, at: int) -> tuple[str | None, int]:
    """What an amount that ends at ``at`` is per, and where those words end."""
    for unit, pattern in _PER_UNIT:
        if found := pattern.match(text, at):
            return unit, found.end()
    return None, at


def _aside(text: str, at: int) -> tuple[Other | None, int]:
    """The amount in another currency in brackets right after a figure."""
    opened = _ASIDE.match(text, at)
    found = ATOM.match(text, opened.end()) if opened else None
    if not found:
        return None, at
    atom = _atom(found, text)
    close = text.find(")", found.end(), found.end() + 24)
    if atom is None or atom.currency is None or close < 0:
        return None, at
    return Other(atom.currency, atom.amount, atom.amount), close + 1


def quantity_of(text: str, first: Atom, second: Atom | None, start: int) -> Quantity:
    """The amount of one number or range, with its bound; the sort is ``number``."""
    low, high = scaled(first, second) if second else (first.amount, first.amount)
    end = second.end if second else first.end
    money = bool(first.currency or (second and second.currency))
    bound, begin = bound_before(text, start, money=money)
    after, stop = bound_after(text, end)
    if bound == "exact" and after != "exact":
        bound, end = after, stop
    if second:
        bound = "range"
    lower, upper = limits(bound, low, high)
    currency = (second.currency if second else None) or first.currency
    return Quantity(
        sort="number", start=begin, end=end, figure=start, low=lower, high=upper, bound=bound,
        currency=currency,
    )  # fmt: skip


def _finished(text: str, bare: Quantity) -> Quantity:
    """Add the second currency and the unit after an amount."""
    currency = bare.currency
    other, end = _aside(text, bare.end)
    if other is not None and other.currency == currency:
        other, end = None, bare.end
    if other is not None:
        lower = other.low if bare.bound != "at_most" else None
        upper = other.high if bare.bound != "at_least" else None
        other = Other(other.currency, lower, upper)
    per, end = per_unit(text, end)
    return msgspec.structs.replace(bare, sort="money", other=other, per=per, end=end)


class Numbers(NamedTuple):
    """The numbers of a text, from which money and counts are taken."""

    text: str
    vague: list[Quantity]
    ranges: list[tuple[Atom, Atom | None, int]]


def find_numbers(text: str, runs: Runs | None = None) -> Numbers:
    """Every number of a text; ``runs`` are the text's, where they are known."""
    text = readable(text)
    runs = runs or Runs(text)
    return Numbers(text, find_vague(text, runs), list(ranges(text, find_atoms(text, runs))))


def find_money(numbers: Numbers) -> list[Quantity]:
    """Every amount of money of a text in order; what stands in brackets belongs to the first."""
    text, vague, found_ranges = numbers
    taken = Taken(len(text), ((q.start, q.end) for q in vague))
    found = [q for q in vague if q.sort == "money"]
    covered = 0
    for first, second, start in found_ranges:
        single = first.currency is None and (second is None or second.currency is None)
        if single or start < covered or taken.meets(start, first.end):
            continue
        quantity = _finished(text, quantity_of(text, first, second, start))
        covered = quantity.end
        found.append(quantity)
    return sorted(found, key=lambda q: q.start)
