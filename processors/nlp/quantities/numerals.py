"""Numbers as news writes them: ``2,048``, ``5.6 million``, ``two hundred million``, ``500 crore``.

All patterns have bounded repeats only, so that the time is linear in the length of the text.
"""

import re

UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "a": 1, "an": 1, "half": 0.5, "hundred": 100, "dozen": 12, "couple": 2,
}  # fmt: skip

SCALES = {
    "thousand": 1e3, "k": 1e3, "lakh": 1e5, "lakhs": 1e5, "million": 1e6, "mln": 1e6, "mn": 1e6,
    "mio": 1e6, "m": 1e6, "crore": 1e7, "crores": 1e7, "cr": 1e7, "billion": 1e9, "bln": 1e9,
    "bn": 1e9, "b": 1e9, "mrd": 1e9, "milliard": 1e9, "milliards": 1e9, "trillion": 1e12,
    "trn": 1e12, "tn": 1e12, "t": 1e12, "thousand million": 1e9, "thousand crore": 1e10,
    "thousand crores": 1e10, "lakh crore": 1e12, "lakh crores": 1e12, "mm": 1e6, "mil": 1e6,
    "bil": 1e9,
}  # fmt: skip
_SIGNED = ("bil", "mil", "mm")
"""Scales of money alone: elsewhere they are lengths and names."""

_WORD = "|".join(sorted(UNITS, key=len, reverse=True))
_LONG = "|".join(
    word.replace(" ", r"\s")
    for word in sorted(SCALES, key=len, reverse=True)
    if len(word) > 1 and word not in _SIGNED
)
_DIGIT_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT_WORD = "|".join(_DIGIT_WORDS)

_GROUPED = (
    r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?"  # 1,234,567.89
    r"|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d{1,9})?"  # 1,00,000: India's
    r"|\d{1,3}(?:\.\d{3}){2,5}(?:,\d{1,9})?"  # 1.000.000
    r"|\d{1,3}(?:[\u00a0\u2009\u202f]\d{3}){1,5}|\d{1,3}(?: \d{3}){2,5}"
)
DIGITS = rf"(?:{_GROUPED}|\d{{1,15}}(?:[.,]\d{{1,9}})?)(?![.,]?\d)"
"""A number to its last digit; a longer one is a code, a version or a list, and no amount."""
WORDS = (
    r"(?:(?:three[\s-]quarters|a quarter|half) of an?|a couple of"
    rf"|(?:{_DIGIT_WORD}|ten|eleven|twelve)\spoint\s(?:{_DIGIT_WORD})"
    rf"|(?!an?[\s-](?!(?:hundred|dozen|couple|half)\b)(?:{_WORD})\b)"
    rf"(?:{_WORD})(?:(?:\s|-)(?:and\s)?(?:a\s)?(?:{_WORD})){{0,5}})"
)
SCALE = (
    r"(?:[\s-]?(?:mrd|mio)\.(?=\s?(?:€|eur|us|dollar|chf|franken|pfund))"
    rf"|(?:[\s-]?(?:{_LONG})|[kmbt])(?![^\W\d_]))"
)
"""A scale word, or a letter that touches the number (``65B``)."""
FREE_SCALE = rf"(?:\s(?-i:[MBT])|\s?(?:{'|'.join(_SIGNED)}))(?![\w&'’-])"
"""A capital letter that stands free after a number with a currency sign (``$5.6 M``)."""
HALF = r"\sand\sa\s(?:half|quarter)(?![\s-](?:million|billion|trillion|dozen)|\w)"
"""After a scale: ``a billion and a half``."""


def read_digits(text: str) -> float:
    """``1,234.5`` -> 1234.5 and ``1,5`` -> 1.5: a comma before three digits groups."""
    text = re.sub(r"\s", "", text)
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?", text):
        return float(text.replace(",", ""))
    if text.count(".") > 1:
        text = text.replace(".", "")
    return float(text.replace(",", "."))


def read_words(text: str) -> float | None:
    """``two hundred`` -> 200, ``twenty-five`` -> 25, ``half a`` -> 0.5; None when it is no number.

    ``a`` and ``an`` alone are articles here; the caller accepts them before a scale word.
    """
    words = [w for w in re.split(r"[\s-]+", text.lower()) if w != "and"]
    if "point" in words:
        return UNITS[words[0]] + UNITS[words[2]] / 10
    if words[-1] == "of":
        return 2
    if "of" in words:
        return {"three": 0.75, "a": 0.25, "half": 0.5}[words[0]]
    if any(w not in UNITS for w in words):
        return None
    total: float = 0
    for place, word in enumerate(words):
        value = UNITS[word]
        if word in {"hundred", "dozen", "couple"}:
            total = (total or 1) * value
        elif word in {"a", "an"} and place > 0:
            continue
        else:
            total += value
    return total


def read_scale(text: str | None) -> float:
    """The factor of a scale word; 1 for none."""
    return SCALES.get(" ".join((text or "").strip("-. ").lower().split()).strip("-"), 1.0)


def read_half(text: str | None) -> float:
    """What ``HALF`` adds to the number before its scale; 0 for none."""
    return 0.0 if not text else 0.5 if "half" in text.lower() else 0.25
