"""What robots.txt allows, by RFC 9309: a server that cannot answer for its rules is left alone."""

import codecs
from datetime import UTC, datetime, timedelta
from typing import Any

from protego import Protego

# There is no public door to how Protego reads a line, and it forgives much.
from protego._protego import _USER_AGENT_DIRECTIVE as USER_AGENT
from protego._protego import _extract_directive as directive

TOKEN = "Beatwire"  # noqa: S105 - the product token of RFC 9309
OTHERS = "x"
"""A name that no part of ours has."""
MAX_BYTES = 512 * 1024
"""RFC 9309 2.5 asks for at least 500 KiB; what follows is not read."""
MAX_AGE = timedelta(hours=24)
MAX_AGE_CLOSED = timedelta(minutes=5)
"""A site that could not answer for its rules is asked again after this."""
SKEW = timedelta(minutes=15)
NOT_TO_BE_HAD = 0
"""Stands for the status of a robots.txt that could not be had."""
MAX_DELAY = 60.0
"""Seconds between two requests that a site may ask for; one page an hour would starve the rest."""


class Rules:
    """The rules of one site as of one moment."""

    def __init__(
        self, parsed: Any, reason: str, read_at: datetime, status: int = 0, *, size: int = 0
    ) -> None:
        self._parsed = parsed
        self.size = size
        """Characters that it was made of: what is kept has some forty times as many bytes."""
        self.status = status
        """What robots.txt was answered with; 0: nothing."""
        self.closed = reason
        """Why nothing may be fetched from this site; empty when the rules decide."""
        self.read_at = read_at

    def allow(self, url: str) -> bool:
        """Whether we may fetch this address."""
        if self.closed:
            return False
        return self._parsed is None or bool(self._parsed.can_fetch(url, TOKEN))

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the site names, at most 20; whoever fetches one guards its address."""
        named = self._parsed.sitemaps if self._parsed is not None else ()
        links = (line.strip() for line in named)
        known = dict.fromkeys(each for each in links if each.startswith(("http://", "https://")))
        return tuple(known)[:20]

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
        age = now - self.read_at
        return age > (MAX_AGE_CLOSED if self.closed else MAX_AGE) or age < -SKEW


def read_rules(status: int, body: bytes, now: datetime | None = None) -> Rules:
    """The rules that a response to ``/robots.txt`` stands for.

    2xx: the first 512 KiB. 4xx, or redirects that lead nowhere: there are none. Anything else:
    the site is closed.
    """
    at = now or datetime.now(UTC)
    if 200 <= status < 300:
        text = _of_us(_text(body[:MAX_BYTES]))
        return Rules(Protego.parse(text), "", at, status, size=len(text))
    if 300 <= status < 500:
        return Rules(None, "", at, status)
    if status == NOT_TO_BE_HAD:
        return closed(at)
    reason = f"robots.txt answers {status}, so nothing is fetched from this site"
    return Rules(None, reason, at, status)


def _of_us(text: str) -> str:
    """The same rules for us, with one name for all others.

    A rule is kept once for each name of its group: with 18,000 names and 32,000 rules, which fit
    into 512 KiB, that would be more than any machine has.
    """
    return "\n".join(_named(line) for line in text.splitlines())


def _named(line: str) -> str:
    found = directive(line.partition("#")[0].strip())
    if found is None or found[0] not in USER_AGENT or not found[1]:
        return line
    name = found[1].partition("/")[0].strip().lower()
    if name == "*":
        return "User-agent: *"
    return f"User-agent: {TOKEN if name.strip('* ') == TOKEN.lower() else OTHERS}"


def _text(body: bytes) -> str:
    """UTF-8, as RFC 9309 has it, whatever the bytes; or UTF-16, where a mark says so."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")


def closed(now: datetime | None = None) -> Rules:
    """The rules of a site whose robots.txt could not be had."""
    reason = "robots.txt cannot be had, so nothing is fetched from this site"
    return Rules(None, reason, now or datetime.now(UTC))
