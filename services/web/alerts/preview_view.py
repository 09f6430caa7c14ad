"""A topic tried on the past, as a page shows it."""

from collections.abc import Callable
from datetime import datetime
from threading import BoundedSemaphore
from urllib.parse import urlencode

import msgspec

from services.alerts.preview import Preview
from services.alerts.previewing import NOT_TRIED, silence, verdict
from services.index import DayCount
from services.store.alerting import AlertTopic
from services.web.alerts.found_view import FoundLine, found_line
from services.web.attempt import Attempt, attempt
from services.web.bounded import TooMany
from services.web.charts.histogram import HistogramView, histogram

SHOWN = 50
AT_ONCE = 4
"""Previews that are made at once; each may read and match thousands of articles."""
_room = BoundedSemaphore(AT_ONCE)


class PreviewView(msgspec.Struct, frozen=True, kw_only=True):
    """What would have been told."""

    said: str
    silence: str
    """Why nothing was; empty when something was."""
    missing: bool
    histogram: HistogramView
    lines: tuple[FoundLine, ...]
    more: int
    not_tried: str = NOT_TRIED


def preview_view(topic: AlertTopic, found: Preview, days: int, now: datetime) -> PreviewView:
    counted = [DayCount(day, count) for day, count in found.days]

    def address(after: str, before: str) -> str:
        given = {"q": topic.query, "after": after, "before": before}
        return "/?" + urlencode({name: value for name, value in given.items() if value})

    return PreviewView(
        said=verdict(found, days),
        silence=silence(topic, found),
        missing=bool(found.missing),
        histogram=histogram(counted, address, id="preview", what="alert"),
        lines=tuple(found_line(each, now) for each in found.alerts[:SHOWN]),
        more=max(0, len(found.alerts) - SHOWN),
    )


def try_topic(
    make: Callable[[], Preview], topic: AlertTopic, days: int, now: datetime
) -> Attempt[PreviewView]:
    """The preview, or why there is none now; a topic can be saved without."""

    def view() -> PreviewView:
        if not _room.acquire(blocking=False):
            raise TooMany("other topics are being tried")
        try:
            return preview_view(topic, make(), days, now)
        finally:
            _room.release()

    return attempt(view, topic.query)
