"""Spans of time as people write them in files and options: ``90m``, ``6h``, ``3d``."""

import re

from services.errors import UserError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"(\d{1,8}(?:\.\d{1,3})?)\s*([smhd]?)", re.ASCII)
SHORTEST, LONGEST = 60.0, 366 * 86_400.0


def parse_span(text: str) -> float:
    """Seconds of ``45s``, ``90m``, ``6h``, ``3d``; a bare number is seconds.

    Raises:
        UserError: not a span, or not one between a minute and a year.
    """
    match = _SPAN.fullmatch(text.strip().lower())
    seconds = float(match[1]) * _UNITS[match[2] or "s"] if match else 0.0
    if not SHORTEST <= seconds <= LONGEST:
        raise UserError(
            f"{text[:40]!r} is no time between two articles; write 90m, 6h or 3d, "
            "from a minute to a year"
        )
    return seconds


def span_text(seconds: float) -> str:
    """The shortest spelling that ``parse_span`` reads as the same, to the second."""
    whole = round(seconds)
    for unit in ("d", "h", "m"):
        if whole and whole % _UNITS[unit] == 0:
            return f"{whole // _UNITS[unit]}{unit}"
    return f"{whole}s"
