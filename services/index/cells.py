"""A scale of whole numbers cut into cells of several widths, so that a range is a few terms.

A number is indexed as the cell of each width that holds it; a range is asked for as the few widest
cells that make it up. So a bound on a number can be part of a phrase.
"""

BASE = -100
"""The least number."""
WIDTHS = (1, 4, 16, 64)
"""Each a multiple of the one before it."""


def in_cells(number: int) -> list[str]:
    """The cells that hold a number."""
    return [_name(width, (number - BASE) // width) for width in WIDTHS]


def cells(low: int, high: int) -> list[str]:
    """The cells that together hold the numbers from ``low`` to ``high``, and no other."""
    found: list[str] = []
    at, end = low - BASE, high - BASE + 1
    while at < end:
        width = next(w for w in reversed(WIDTHS) if at % w == 0 and at + w <= end)
        found.append(_name(width, at // width))
        at += width
    return found


def _name(width: int, place: int) -> str:
    return f"\N{PILCROW SIGN}{width}.{place}"
