"""Texts to times: what publishers write for machines, and what they print in English."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Literal

import msgspec

from processors.stamps import read_stamp

Stated = Literal["instant", "local", "day"]

_ZONE_NAMES = {
    "GMT": 0, "UTC": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12,
    "NZDT": 13,
}  # fmt: skip
_NORTH_AMERICAN = {"ET": -5, "CT": -6, "MT": -7, "PT": -8}
"""Names for both halves of the year, with the offset in winter."""
_ISO = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d{1,9})?\s*(.{0,40}))?$"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?(.{0,10}))?$")
_RFC2822 = re.compile(r"(?:[A-Za-z]{3,9},? )?\d{1,2} [A-Za-z]{3} \d{4} \d\d?:\d\d")
_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d\d?):?(\d\d)?(?:\[.*|\s.*)?$")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
    r"(?:[\s,|at-]{1,8}(\d{1,2}):(\d\d)(?::\d\d)?\s*([AaPp]\.?[Mm]\.?)?\s*([A-Z]{1,4})?)?"
)


_NUMERIC = re.compile(r"\D{0,20}(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)")


class When(msgspec.Struct, frozen=True):
    """A stated time: aware, and how much of it was stated (UTC is assumed where no zone was)."""

    at: datetime
    stated: Stated


def parse_when(text: str) -> When | None:
    """A time from a machine-readable or English statement of at most 100 characters.

    Reads ISO 8601 in the spellings of publishers, compact ISO, RFC 2822, epoch seconds and
    milliseconds, ``March 3, 2025 4:05 PM EST``, ``25/03/2025`` and what ``stamps`` knows;
    ``03/04/2025`` may be two days and is none: see ``is_ambiguous``.
    """
    text = " ".join(text[:101].split())
    if not 8 <= len(text) <= 100:
        return None
    if text.isdigit() and len(text) in (10, 13):
        return When(datetime.fromtimestamp(int(text[:10]), UTC), "instant")
    for pattern in (_ISO, _COMPACT):
        if found := pattern.match(text):
            year, month, day, hour, minute, second, zone = found.groups()
            if hour is None:
                return made(int(year), int(month), int(day))
            clock = (int(hour), int(minute), int(second or 0))
            return made(int(year), int(month), int(day), clock, zone)
    return _rfc2822(text) or _worded(text) or _stamped(text) or _numeric(text)


def _stamped(text: str) -> When | None:
    """In the other spellings of feeds, of which pages have some."""
    stamp = read_stamp(text)
    if stamp is None:
        return None
    return When(stamp.at, "instant" if stamp.zoned else "local" if stamp.timed else "day")


def is_ambiguous(text: str) -> bool:
    """Whether the text is a day that is another one when month and day change places."""
    found = _NUMERIC.match(text[:101])
    if found is None:
        return False
    return int(found[1]) <= 12 and int(found[3]) <= 12 and int(found[1]) != int(found[3])


def numeric_day(text: str, *, day_first: bool) -> When | None:
    """A day as ``03/04/2025``, in the order that is known for its publisher."""
    found = _NUMERIC.match(text[:101])
    if not found:
        return None
    first, second = int(found[1]), int(found[3])
    day, month = (first, second) if day_first else (second, first)
    return made(int(found[4]), month, day)


def _numeric(text: str) -> When | None:
    if is_ambiguous(text):
        return None
    return numeric_day(text, day_first=True) or numeric_day(text, day_first=False)


def _rfc2822(text: str) -> When | None:
    if not _RFC2822.match(text):
        return None
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return When(at.replace(tzinfo=UTC), "local") if at.tzinfo is None else When(at, "instant")


def _worded(text: str) -> When | None:
    found = _WORDED.search(text)
    if not found or found[2][:3].lower() not in _MONTHS or not (found[1] or found[3]):
        return None
    month = _MONTHS.index(found[2][:3].lower()) + 1
    day = int(found[3] or found[1])
    if found[5] is None:
        return made(int(found[4]), month, day)
    hour = int(found[5])
    if found[7]:
        hour = hour % 12 + (12 if found[7][0] in "pP" else 0)
    return made(int(found[4]), month, day, (hour, int(found[6]), 0), found[8] or "")


def made(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None = None, zone: str = ""
) -> When | None:
    """The time if such a day exists; a zone that is not understood counts as not stated."""
    hour, minute, second = clock or (0, 0, 0)
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        offset = _offset(zone or "", at)
        if offset is None:
            return When(at, "local" if clock else "day")
        return When(at.replace(tzinfo=zone_of(offset)), "instant")
    except (ValueError, OverflowError):
        return None


def zone_of(offset: timedelta) -> timezone:
    """UTC itself for no offset. Raises ValueError for a day and more."""
    return UTC if not offset else timezone(offset)


def _offset(zone: str, at: datetime) -> timedelta | None:
    zone = zone.strip()
    hours = _ZONE_NAMES.get(zone.upper())
    if zone.upper() in _NORTH_AMERICAN:
        hours = _NORTH_AMERICAN[zone.upper()] + _is_summer_in_north_america(at)
    if hours is not None:
        return timedelta(hours=hours)
    found = _OFFSET.match(zone)
    if not found:
        return None
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    return -size if found[1] == "-" else size


def _is_summer_in_north_america(at: datetime) -> bool:
    """By the rule since 2007: from the second Sunday of March to the first of November."""
    march, november = at.replace(month=3, day=8), at.replace(month=11, day=1)
    begins = march + timedelta(days=(6 - march.weekday()) % 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return begins.date() <= at.date() < ends.date()
