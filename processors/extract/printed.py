"""The publisher's own zone, told from the clock that its page shows.

Many publishers state their times in UTC for machines and show the time of their own clock. Where
the two are the same minute with some half hours between them, the difference is the zone.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lxml import etree
from lxml.html import HtmlElement

from processors.extract.page import ParsedPage
from processors.extract.times import When, parse_when, zone_of

_SHOWN = etree.XPath(
    ".//time|.//*["
    + " or ".join(
        f"contains(@class, '{name[1:]}')"
        for name in ("_ate", "_ime", "_ublish", "_osted", "_tamp", "_yline")
    )
    + "]"
)
"""Elements for dates, by their classes: ``date``, ``postDate``, ``timestamp``, ``byline``."""
_DATED = re.compile(
    r"(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]{2,8}\.? (?:\d{1,2}(?:st|nd|rd|th)?,? )?\d{4}"
    r"[\s,|at-]{1,8}\d{1,2}:\d\d(?::\d\d)?\s*(?:[AaPp]\.?[Mm]\.?)?"
)
_ELEMENTS = 30
_WESTMOST, _EASTMOST = timedelta(hours=-10), timedelta(hours=13)
_HALF_HOUR = timedelta(minutes=30)


def in_printed_zone(when: When, page: ParsedPage) -> When:
    """The same instant in the zone of the page's clock; as it was where none is shown for sure."""
    if when.stated != "instant" or when.at.utcoffset() or not _may_show(when.at, page.text):
        return when
    clocks = _clocks(page.tree)
    offsets = {offset for clock in clocks if (offset := _offset(clock, when.at)) is not None}
    if len(offsets) != 1:
        return when
    return When(when.at.astimezone(zone_of(offsets.pop())), "instant")


def _may_show(at: datetime, text: str) -> bool:
    """Whether a clock with this minute, or half an hour off, is anywhere in the page."""
    minutes = rf":(?:{at.minute:02}|{(at.minute + 30) % 60:02})(?!\d)"
    return any(_ends_as_hour(text, found.start()) for found in re.finditer(minutes, text))


def _ends_as_hour(text: str, end: int) -> bool:
    """An hour of one or two digits, neither after a ``T`` nor itself a minute."""
    before = text[max(0, end - 3) : end]
    return before[-1:].isdigit() and before[:1] not in ("T", ":")


def _offset(clock: datetime, at: datetime) -> timedelta | None:
    """How far a clock is ahead of UTC if it shows this instant; None if it cannot."""
    ahead = clock - at.replace(second=0, microsecond=0)
    possible = _WESTMOST <= ahead <= _EASTMOST and not ahead % _HALF_HOUR
    return ahead if possible else None


def _clocks(tree: HtmlElement) -> Iterator[datetime]:
    """Days with a time of day, as elements for them show, each as if it were in UTC."""
    left = _ELEMENTS
    for element in _SHOWN(tree):
        text = " ".join("".join(element.itertext())[:500].split())
        if len(text) <= 200 and (found := _DATED.search(text)):
            if (when := parse_when(found[0])) and when.stated != "day":
                yield when.at.replace(tzinfo=UTC)
            left -= 1
        if not left:
            return
