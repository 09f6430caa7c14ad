"""When what could not be delivered is tried again, and when it is given up: pure decisions.

Ten tries over three days, as https://www.standardwebhooks.com advises: soon at first, since most
receivers are only being restarted, then rarely.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from services.store.alerting import Again, Channel, Failed, Parcel, SendEnd, Sent

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS = (
    timedelta(seconds=5),
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
"""After the first try, the second, and so on: 75 h 35 min in all."""
TRIES = len(WAITS) + 1
JITTER = 0.05
"""Up to this part of a wait is left off, so that what failed together is not tried together."""
LONGEST = timedelta(hours=76)
"""A channel that took nothing for so long is given up, whatever it asked for meanwhile."""
LEAST_ASKED, MOST_ASKED = timedelta(seconds=1), timedelta(hours=24)
"""What ``Retry-After`` may ask for."""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one try; delivered, when there is no error."""

    error: str = ""
    """For the owner: one line that shows nothing of what the other side sent."""
    for_good: bool = False
    """Whether another try would end the same."""
    disable: str = ""
    """Why the channel gets nothing any more from now on."""
    retry_after: timedelta | None = None
    """What the other side asked for, at least."""
    channels_fault: bool = True
    """Whether a channel for which this is the end of all tries is switched off; not so when it is
    the operator's own server that is away."""


def end_of(tried: Tried, parcel: Parcel, now: datetime, chance: float) -> SendEnd:
    """What becomes of a message and its channel after a try that ended ``now``.

    ``chance`` is from 0 to 1, for the jitter.
    """
    if not tried.error:
        return Sent()
    if tried.for_good:
        return Failed(tried.error, tried.disable)
    tries = parcel.message.attempts + 1
    if tries >= TRIES or (tried.channels_fault and _hopeless(parcel.channel, tries, now)):
        return Failed(tried.error, _given_up(tried, parcel.channel, now))
    wait = WAITS[tries - 1] * (1 - JITTER * chance)
    return Again(now + max(wait, tried.retry_after or wait), tried.error)


def asked_wait(header: str, now: datetime) -> timedelta | None:
    """What a ``Retry-After`` asks for, from a second to a day; None when it says nothing."""
    text = header.strip()
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
        asked = at.replace(tzinfo=at.tzinfo or UTC) - now
    except (ValueError, OverflowError):
        if not (text.isascii() and text.lstrip("-").isdecimal()):
            return None
        asked = timedelta(seconds=float(text[:9]))
    return min(max(asked, LEAST_ASKED), MOST_ASKED)


def _hopeless(channel: Channel, tries: int, now: datetime) -> bool:
    """Not at a first try: a channel may have been switched on again by its owner a moment ago."""
    since = channel.failing_since
    return tries > 1 and since is not None and now - since >= LONGEST


def _given_up(tried: Tried, channel: Channel, now: datetime) -> str:
    if not tried.channels_fault:
        return ""
    since = (channel.failing_since or now).astimezone(UTC)
    return f"nothing could be delivered since {since.day} {since:%b %Y, %H:%M} UTC: {tried.error}"
