"""When what could not be delivered is tried again, and when it is given up: pure decisions.

Ten tries over three days, as https://www.standardwebhooks.com advises: soon at first, since most
receivers are only being restarted, then rarely. A receiver that is away, or asks for time, is left
alone: its channel waits. One that is there and refuses a message gets the others meanwhile.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from services.alerts.words import dated
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
DAYS = timedelta(hours=71)
"""What ten tries take at least; a channel that took nothing else in that time is given up, too."""
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
    alone: bool = False
    """Whether it speaks of this message; of the receiver, to which nothing is sent then, if not."""
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
        why = f"{tried.disable} · {dated(now, 'UTC')}" if tried.disable else ""
        return Failed(tried.error, why)
    before = parcel.message.attempts
    if before + 1 >= TRIES or (tried.channels_fault and _hopeless(parcel.channel, before, now)):
        return Failed(tried.error, _given_up(tried, parcel.channel, now))
    # A receiver that has been well until now is only being restarted, however often it refused
    # this message before.
    step = before if tried.alone else min(before, parcel.channel.failures)
    wait = WAITS[step] * (1 - JITTER * chance)
    return Again(now + max(wait, tried.retry_after or wait), tried.error, tried.alone)


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


def _hopeless(channel: Channel, before: int, now: datetime) -> bool:
    """Not at a first try: a channel may have been switched on again by its owner a moment ago."""
    return before > 0 and now - (channel.failing_since or now) >= LONGEST


def _given_up(tried: Tried, channel: Channel, now: datetime) -> str:
    """Why the channel is, with a message that is; empty when it took others meanwhile."""
    since = channel.failing_since or now
    if not tried.channels_fault or now - since < DAYS:
        return ""
    return f"nothing could be delivered since {dated(since, 'UTC')}: {tried.error}"
