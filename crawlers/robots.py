"""What robots.txt allows, by RFC 9309: a server that cannot answer for its rules is left alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from protego import Protego

TOKEN = "Beatwire"  # noqa: S105 - the product token of RFC 9309
MAX_BYTES = 512 * 1024
"""RFC 9309 2.5 asks for at least 500 KiB; what follows is not read."""
MAX_AGE = timedelta(hours=24)
MAX_DELAY = 60.0
"""Seconds between two requests that a site may ask for; one page an hour would starve the rest."""


class Rules:
    """The rules of one site as of one moment."""

    def __init__(self, parsed: Any, reason: str, read_at: datetime) -> None:
        self._parsed = parsed
        self.closed = reason
        """Why nothing may be fetched from this site; empty when the rules decide."""
        self.read_at = read_at

    def allow(self, url: str) -> bool:
        """Whether this address may be fetched by us."""
        if self.closed:
            return False
        return self._parsed is None or bool(self._parsed.can_fetch(url, TOKEN))

    @property
    def asked_delay(self) -> float:
        """Seconds between two requests as the site asks for them; 0 when it does not."""
        asked = self._parsed.crawl_delay(TOKEN) if self._parsed is not None else None
        return max(0.0, float(asked or 0.0))

    @property
    def delay(self) -> float:
        """The delay that is kept: what is asked for, up to ``MAX_DELAY``."""
        return min(self.asked_delay, MAX_DELAY)

    def stale(self, now: datetime) -> bool:
        return now - self.read_at > MAX_AGE


def read_rules(status: int, body: bytes, now: datetime | None = None) -> Rules:
    """The rules that a response to ``/robots.txt`` stands for.

    2xx: the first 512 KiB. 4xx, or redirects that lead nowhere: there are none. Anything else:
    the site is closed.
    """
    at = now or datetime.now(UTC)
    if 200 <= status < 300:
        text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
        return Rules(Protego.parse(text), "", at)
    if 300 <= status < 500:
        return Rules(None, "", at)
    return Rules(None, f"robots.txt answers {status}, so nothing is fetched from this site", at)


def closed(now: datetime | None = None) -> Rules:
    """The rules of a site whose robots.txt could not be had."""
    reason = "robots.txt cannot be had, so nothing is fetched from this site"
    return Rules(None, reason, now or datetime.now(UTC))
