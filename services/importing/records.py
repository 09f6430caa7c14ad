"""What the readers of formats give: one thing after the other, each ending in one outcome."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

Outcome = Literal[
    "imported",
    "done-before",
    "not-a-response",
    "revisit",
    "robots-txt",
    "redirect",
    "not-found",
    "error-status",
    "not-html",
    "too-large",
    "bad-url",
    "bad-time",
    "unreadable",
    "broken",
]
BAD: frozenset[Outcome] = frozenset({"bad-url", "bad-time", "unreadable", "broken"})
"""Outcomes that say that the file is not as it should be; each is told with its record."""


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One response as it was saved: all that a page is made of."""

    url: str
    fetched_at: datetime
    status: int = 200
    headers: Mapping[str, str]
    """Lower-case names."""
    body: bytes
    """With transfer and content coding removed."""
    source: str = ""


class Left(msgspec.Struct, frozen=True):
    """A record of which nothing is imported, and why."""

    outcome: Outcome
    reason: str = ""
    """What is wrong and what to do, where the outcome does not say it all."""


Record = Fetched | Left
