"""When a message goes out: pure arithmetic on times."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.store.alerting import AlertTopic

GATHER = timedelta(seconds=0.5)
"""Alerts of one article, or of articles fetched together, make one message."""
STORM = 10
"""With so many articles a message waits until no more come,"""
QUIET = timedelta(seconds=5)
"""for so long,"""
LONGEST = timedelta(seconds=60)
"""but no longer than this after the first."""
HOUR = timedelta(hours=1)


def first_due(topic: AlertTopic, now: datetime, sent: Sequence[datetime]) -> tuple[datetime, bool]:
    """When a message that begins now goes out, and whether the cap is what it waits for.

    ``sent``: when messages of this topic went to this channel in the last hour, oldest first.
    """
    usual = usual_due(topic, now)
    if len(sent) < topic.cap:
        return usual, False
    free = sent[-topic.cap] + HOUR
    return max(free, usual), free > usual


def usual_due(topic: AlertTopic, now: datetime) -> datetime:
    """By the topic's cadence, without a cap."""
    match topic.cadence:
        case "at-once":
            return now + GATHER
        case "hourly":
            return now.replace(minute=0, second=0, microsecond=0) + HOUR
        case "daily":
            return next_daily(topic.hour, topic.zone, now)


def next_daily(hour: int, zone: str, now: datetime) -> datetime:
    """The next time that it is this hour there; an hour that a change of clocks skips is the next.

    Returned in the zone of ``now``.
    """
    there = now.astimezone(ZoneInfo(zone))
    day = there.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    # Added on the wall clock of the zone, so that a day of 23 or 25 hours is one day.
    due = day if day > there else day + timedelta(days=1)
    return due.astimezone(now.tzinfo)


def later_due(
    topic: AlertTopic, opened: datetime, due: datetime, articles: int, now: datetime
) -> datetime:
    """When a message goes out that has just got more, ``articles`` in all: a storm is gathered."""
    if topic.cadence != "at-once" or articles < STORM:
        return due
    return max(due, min(now + QUIET, opened + LONGEST))
