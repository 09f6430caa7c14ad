"""A topic tried on the past, as a page shows it."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from services.alerts.previewing import NOT_TRIED, Previewed, by_day, silence, verdict
from services.index import DayCount
from services.store.alerting import AlertTopic
from services.web.alerts.found_view import FoundLine, found_line
from services.web.attempt import Attempt, attempt
from services.web.charts.histogram import HistogramView, histogram

SHOWN = 50


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


def preview_view(topic: AlertTopic, found: Previewed, days: int, now: datetime) -> PreviewView:
    counted = [DayCount(day, count) for day, count in by_day(found)]

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
    make: Callable[[], Previewed], topic: AlertTopic, days: int, now: datetime
) -> Attempt[PreviewView]:
    """The preview, or why there is none now; a topic can be saved without."""
    return attempt(lambda: preview_view(topic, make(), days, now), topic.query)
