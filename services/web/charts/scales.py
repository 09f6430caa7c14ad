"""From values to places in percent, with round labels."""

from math import floor, log10


def round_top(value: int) -> int:
    """The least round number that is no smaller: one digit, then noughts."""
    scale: int = 10 ** floor(log10(max(1, value)))
    return next(step * scale for step in range(1, 11) if step * scale >= value)
