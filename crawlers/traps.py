"""Traps: addresses without end that a site makes up, told from the addresses alone.

A calendar that goes on for ever, filters that combine, session ids in paths, paths that grow: each
gives new addresses of one pattern, and of one pattern only so many are taken in a day.
"""

import re
from urllib.parse import urlsplit

MOST_A_DAY = 200
"""New addresses of one pattern in a day that are followed."""
MOST_DATED_A_DAY = 2000
"""Of those that a feed lists with the time of their publication: a wire's articles by number."""
MAX_DEPTH = 3
"""Steps from a source to a page: an index of sitemaps, a sitemap, a page."""
MAX_SEGMENTS = 16
MAX_REPEATS = 3

_ID = re.compile(
    r"\d{4}-\d{2}-\d{2}|[0-9a-f]{8}-[0-9a-f-]{27}|"
    r"(?=[0-9a-z_-]*\d[0-9a-z_-]*\d)(?![a-z]+-[a-z]+-)[0-9a-z_]{16,}|[0-9a-f]{12,}|\d+",
    re.IGNORECASE,
)


def pattern_of(url: str) -> str:
    """Host and path with numbers, dates and ids left open, and the names of the query.

    Empty for an address that has none of them: it is like no other.
    """
    parts = urlsplit(url)
    path = _ID.sub("#", parts.path)
    names = sorted({piece.partition("=")[0] for piece in parts.query.split("&") if piece})
    if "#" not in path and not names:
        return ""
    query = f"?{'&'.join(names)}" if names else ""
    return f"{parts.netloc}{path}{query}"[:500]


def trap_in(url: str, depth: int) -> str:
    """Why an address is not followed, told from it alone; empty when it may be."""
    if depth > MAX_DEPTH:
        return f"more than {MAX_DEPTH} steps from its source"
    segments = [part for part in urlsplit(url).path.split("/") if part]
    if len(segments) > MAX_SEGMENTS:
        return f"a path of more than {MAX_SEGMENTS} parts"
    if any(segments.count(part) > MAX_REPEATS for part in set(segments)):
        return "a path that repeats itself"
    return ""
