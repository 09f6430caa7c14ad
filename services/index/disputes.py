"""Which keys are disputed, whichever engine has counted."""

from collections.abc import Iterable
from typing import Any

MOST_KEYS = 50_000
"""Keys looked at: those with the most claims."""


def apart(buckets: Iterable[dict[str, Any]]) -> list[str]:
    """The keys of buckets whose ranges do not all meet: one begins where another has ended.

    ``least`` is the largest beginning of a key's claims, ``most`` their smallest end. Those with
    the most claims first, then by key.
    """
    found = [
        (-bucket["doc_count"], bucket["key"])
        for bucket in buckets
        if bucket["doc_count"] > 1 and bucket["least"]["value"] > bucket["most"]["value"]
    ]
    return [key for _, key in sorted(found)]
