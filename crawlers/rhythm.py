"""When to look at a source again: decided from what it publishes and what its server asks.

Pure: reads no clock, rolls no dice, knows no store.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import msgspec

from crawlers.listings.entries import Rhythm
from services.store.places import Source
from services.store.watching import MOST_ENDS, MOST_TIMES, Watch, last_news, usual_of

LONGEST, SHORTEST = 24.0, 0.1
"""Bounds of an ordinary interval, as multiples of ``BEATWIRE_POLL_EVERY``."""
LEAST_SECONDS = 1.0
MOST_ASKED_SECONDS = 3600.0
"""What a cache header or a feed may ask for; many ask for a day and publish every hour."""
MOST_BACK_OFF_SECONDS = 86400.0
LEAST_GAPS = 3
"""Gaps between entries that make a rhythm."""
_HOUR = timedelta(hours=1)


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one look at a source came to."""

    at: datetime
    failed: str = ""
    """Why, in words; empty when it could be read."""
    gone: bool = False
    retry_after: float | None = None
    """Seconds that a server which had enough asked for."""
    times: Sequence[datetime] = ()
    """When its entries were published, as far as they say."""
    new: int = 0
    """Addresses that nobody knew before."""
    fresh: float = 0.0
    """Seconds for which its server says that the answer may be kept."""
    rhythm: Rhythm | None = None
    """What the listing itself says of when it changes; None: as when it was last read."""


def watched(source: Source, before: Watch | None, look: Look, every: float, chance: float) -> Watch:
    """The watch after a look. ``every`` is BEATWIRE_POLL_EVERY, ``chance`` from 0 to 1."""
    known = before or Watch(source=source.id, next_look=look.at)
    if look.gone:
        since = known.failing_since or look.at
        return msgspec.structs.replace(
            known, looked_at=look.at, next_look=None, gone=True, failing_since=since,
            reason="the server answered 410: gone for good",
        )  # fmt: skip
    if look.failed:
        failures = min(known.failures + 1, 1000)
        wait = back_off(failures, look.retry_after, every, chance)
        return msgspec.structs.replace(
            known, looked_at=look.at, next_look=look.at + timedelta(seconds=wait),
            failing_since=min(known.failing_since or look.at, look.at), failures=failures,
            reason=look.failed[:500], gone=False,
        )  # fmt: skip
    times = merged(known.times, look.times, look.at)
    now = msgspec.structs.replace(
        known, looked_at=look.at, gone=False, failures=0, failing_since=None, times=times,
        newest=times[0] if times else known.newest, usual=usual_gap(times) or known.usual,
        news_at=look.at if look.new else known.news_at,
        **_stated(look.rhythm), reason="",
    )  # fmt: skip
    wait = interval(source, now, look, every) * (0.9 + 0.2 * chance)
    next_look = after_rest(look.at + timedelta(seconds=wait), now)
    return msgspec.structs.replace(now, next_look=next_look)


def with_ends(watch: Watch, ends: Sequence[str]) -> Watch:
    """The watch after more of its pages ended, the newest last."""
    kept = (*reversed(ends), *watch.ends)[:MOST_ENDS]
    return msgspec.structs.replace(watch, ends=kept)


def interval(source: Source, watch: Watch, look: Look, every: float) -> float:
    """Seconds to the next look at a source that could be read."""
    longest, shortest = every * LONGEST, max(every * SHORTEST, LEAST_SECONDS)
    usual = usual_of(source, watch)
    # Half the usual gap: a new article is found after a quarter of it, on average.
    wait = usual / 2 if usual else every
    last = last_news(watch)
    quiet = max(0.0, (look.at - last).total_seconds()) if last else 0.0
    if usual and quiet > 3 * usual:
        wait = max(wait, quiet / 10)
    if look.new and watch.news_at == look.at:
        wait /= 2
    if source.priority > 0:
        wait /= 2 ** min(source.priority, 4)
    asked = max(look.fresh, watch.asked)
    patience = min(asked, MOST_ASKED_SECONDS, longest)
    if source.priority > 0:
        patience = min(patience, every)
    return min(max(wait, shortest, patience), longest)


def back_off(failures: int, retry_after: float | None, every: float, chance: float) -> float:
    """Seconds after a failure: doubling, a day at most; or what the server asked for."""
    if retry_after is not None:
        return min(max(retry_after, LEAST_SECONDS), MOST_BACK_OFF_SECONDS)
    first = max(every * SHORTEST, LEAST_SECONDS)
    wait = min(first * 2.0 ** min(failures - 1, 40), MOST_BACK_OFF_SECONDS)
    return wait * (0.75 + 0.25 * chance)


def usual_gap(times: Sequence[datetime]) -> float | None:
    """The median gap of times, newest first; None for too few. Batches count as one moment."""
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    gaps = [gap for gap in gaps if gap >= LEAST_SECONDS]
    return median(gaps) if len(gaps) >= LEAST_GAPS else None


def merged(
    known: Sequence[datetime], seen: Sequence[datetime], now: datetime
) -> tuple[datetime, ...]:
    """The newest times, newest first, each once, without the future."""
    times = {time for time in (*known, *seen) if time <= now}
    return tuple(sorted(times, reverse=True)[:MOST_TIMES])


def _stated(rhythm: Rhythm | None) -> dict[str, Any]:
    if rhythm is None:
        return {}
    return {
        "asked": 60.0 * max(rhythm.ttl, rhythm.every),
        "rest_hours": tuple(sorted(rhythm.skip_hours)),
        "rest_days": tuple(sorted(rhythm.skip_days)),
    }


def after_rest(at: datetime, watch: Watch) -> datetime:
    """``at``, or the end of the hours and days in which the listing says that it rests; a day
    later at most, since one that always rests is wrong.
    """
    for hours in range(25):
        later = at if not hours else at.replace(minute=0, second=0) + hours * _HOUR
        if later.hour not in watch.rest_hours and later.weekday() not in watch.rest_days:
            return later
    return at
