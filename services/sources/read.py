"""What reading a list gives: a draft with its place, or what is wrong there."""

import msgspec

from services.sources.rules import Draft

MOST_BYTES = 5 * 1024 * 1024
MOST_SOURCES = 5_000
"""Of one list; a crawl of more wants more than a command."""


class Problem(msgspec.Struct, frozen=True):
    """A part of a list that is left out."""

    where: str
    """``line 12``, ``source 3``."""
    reason: str
    remedy: str = ""


Read = tuple[Draft, str] | Problem
"""A draft and where it stands, or a problem."""
