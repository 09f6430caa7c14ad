"""What goes between the crawl and the process of its browser: a JSON line each way for a page."""

import msgspec

MOST_LINE = 64 * 1024 * 1024
"""Bytes of a line; a character of a page may take six."""


IDLE_SECONDS = 60.0
"""The browser's process ends when it got no page for this long."""


class Job(msgspec.Struct, frozen=True):
    """A page to render."""

    url: str
    """The address that answered."""
    html: str
    """What it answered, decoded; the browser does not ask for it again."""


class Rendering(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of it: a text, or the reason why there is none."""

    html: str = ""
    reason: str = ""
    """In words, for the reason of the page's outcome; empty when there is a text."""
    ours: bool = False
    """It was no fault of the page: it may be tried again."""
