"""Fetched text made fit for files that other programs read."""

import re

_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters; XML refuses most of them
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # what is no character
    "\u2028\u2029"  # ends of lines to some programs and not to others
    "\u202a-\u202e\u2066-\u2069]"  # what makes the text after it run backwards
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DISPOSITION = re.compile(r"[^a-z0-9]+")
LONGEST_NAME = 60


def clean(text: str) -> str:
    """Without control characters, surrogates and marks that turn the direction of writing.

    They become spaces, so that nothing that they kept apart runs together.
    """
    return _UNFIT.sub(" ", text)


def one_line(text: str) -> str:
    """Clean, with every run of white space made one space."""
    return " ".join(clean(text).split())


def cell(text: str) -> str:
    """A cell of a table that no spreadsheet takes for a formula.

    What begins like one gets an apostrophe in front, as https://owasp.org/www-community/attacks/CSV_Injection
    advises.
    """
    cleaned = clean(text)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA) else cleaned


def file_name(kind: str, query: str, ending: str) -> str:
    """``beatwire-articles-deepseek-lower-cost.csv``: plain letters, digits and hyphens only."""
    words = _DISPOSITION.sub("-", f"beatwire-{kind}-{query[:400]}".lower())
    return f"{words[:LONGEST_NAME].strip('-')}.{ending}"
