"""Times as feeds and sitemaps write them, in all the spellings that publishers came up with.

RFC 822 with its variants (years of two digits, swapped day and month, no seconds, no zone, names
of months in many languages), ISO 8601 with ordinal and week dates, ``asctime``, SQL servers,
Perforce, and the numeric forms of Korea, China, Japan, Hungary and Germany. What no reader could
tell for sure, as ``03/04/2025``, is no time.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

from processors.months import MONTHS

MAX_LENGTH = 100


class Stamp(NamedTuple):
    """An aware time, and whether its clock and its zone were stated (midnight, UTC otherwise)."""

    at: datetime
    timed: bool
    zoned: bool


_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "ist": 330, "cet": 60,
    "met": 60, "mez": 60, "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180,
    "msk": 180, "msd": 240, "kst": 540, "jst": 540, "sgt": 480, "hkt": 480, "awst": 480,
    "aest": 600, "aedt": 660, "acst": 570, "acdt": 630, "nzst": 720, "nzdt": 780, "ast": -240,
    "adt": -180, "nst": -210, "ndt": -150, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "brt": -180, "art": -180,
    "sast": 120, "a": -60, "n": 60, "m": -720, "y": 720,
}  # fmt: skip
"""Minutes east of Greenwich; where a name has several meanings, what American feeds mean."""

_ROUGH = {"at": -240, "et": -300, "ct": -360, "mt": -420, "pt": -480}
"""Zones that do not say whether it is summer: good for the day, not for the hour."""
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?"
_HALF = r"(?:\s*(?P<half>[ap])\.?m\.?\b)?"
_ZONE = r"(?:\s*(?P<zone>\S.{0,39}?))?"
_WEEKDAY = r"(?:[^\W\d]{1,14}\.?,?\s+|[^\W\d]{1,14}\.?,)?"
_WORD = r"(?P<word>[^\W\d]{3,12})\.?"
_SHAPES = tuple(
    re.compile(shape + r"\s*$")
    for shape in (
        # Thu, 01 Jan 2004 19:48:21 GMT; 1-Jan-04 19:48; Do, 1. Januar 2004, 19:48 Uhr
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º)?[.\s-]\s*(?:de\s+)?{_WORD}[,.\s-]\s*"
        rf"(?:de\s+)?(?P<year>\d{{4}}|\d\d)(?:,?[\s-]+(?:at\s+|um\s+|à\s+)?{_CLOCK}{_HALF}{_ZONE})?",
        # Jan 1, 2004 7:48 pm EST; Thursday, January 1, 2004 - 19:48
        rf"{_WEEKDAY}{_WORD}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
        rf"(?:,?\s*(?:[-|]|at)?\s*{_CLOCK}{_HALF}{_ZONE})?",
        # Thu Jan  1 19:48:21 EST 2004
        rf"{_WEEKDAY}{_WORD}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}(?:\s+(?P<zone>\S{{1,9}}))?"
        rf"\s+(?P<year>\d{{4}})",
        # 2004-július-13T9:15-05:00
        rf"(?P<year>\d{{4}})-{_WORD}-(?P<day>\d{{1,2}})(?:[t\s]+{_CLOCK}{_ZONE})?",
        # 2004년 05월 28일 01:31:15; 2004年5月28日
        rf"(?P<year>\d{{4}})\s?[년年]\s*(?P<month>\d{{1,2}})\s?[월月]\s*(?P<day>\d{{1,2}})\s?[일日]"
        rf"(?:\s*\(?[^\W\d]?\)?\s*(?P<korean>오전|오후)?\s*{_CLOCK}{_ZONE})?",
        # 2004-05-25 오후 11:23:17
        rf"(?P<year>\d{{4}})[-./]\s?(?P<month>\d\d?)[-./]\s?(?P<day>\d\d?)\.?\s+(?P<korean>오전|오후)\s+"
        rf"{_CLOCK}{_ZONE}",
        # Fri, 2006/09/15 08:19:53 EDT; 2004-01-01 19:48:21.0
        rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<dash>[-/.])\s?(?P<month>\d\d?)(?P=dash)\s?(?P<day>\d\d?)\.?"
        rf"(?:(?:[t\s]\s*|,\s*){_CLOCK}{_HALF}{_ZONE})?",
        # 28.05.2004 19:48, which is the day first wherever it is written with dots
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})"
        rf"(?:,?\s*(?:[-|]|um)?\s*{_CLOCK}{_ZONE})?",
    )
)
_KOREAN = re.compile("년|오전|오후")
_ISO_DAY = re.compile(
    r"(?P<only>(?:19|20)\d\d)(?:-(?P<month3>\d{1,2}))?"
    r"|(?P<year>\d{4})-?(?:w(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|(?P<ordinal>[0-3]\d\d)"
    r"|(?P<month>[01]\d)-?(?P<day>[0-3]\d))"
    r"|(?P<short>\d\d)-?(?:(?P<month2>[01]\d)-?(?P<day2>[0-3]\d)|(?P<ordinal2>[0-3]\d\d))"
)
_ISO_CLOCK = re.compile(r"(\d\d):?(\d\d)?(?::?(\d\d)(?:[.,]\d{1,9})?)?\s*(\S.{0,39})?$")
_OFFSET = re.compile(r"(?:etc/)?(?:gmt|utc|ut)?\s*([+-−])\s*(\d\d?):?(\d\d)?\b")


def read_stamp(text: str) -> Stamp | None:
    """The time that a feed states; None when it is none, or more than one in the world's habits."""
    text = " ".join(text[: MAX_LENGTH + 1].split()).casefold()
    if len(text) < 4 or len(text) > MAX_LENGTH:
        return None
    if text.isdecimal() and text.isascii() and len(text) in {10, 13}:
        return Stamp(datetime.fromtimestamp(int(text[:10]), UTC), True, True)
    if stamp := _iso(text):
        return stamp
    for shape in _SHAPES:
        if found := shape.match(text):
            said = found.groupdict()
            # Dates in Korean come from Korea.
            return _from_shape(
                {**said, "zone": said["zone"] or ("kst" if _KOREAN.search(text) else "")}
            )
    return None


def _from_shape(said: dict[str, str | None]) -> Stamp | None:
    word = said.get("word")
    month = _month(word) if word else int(said["month"] or 0)
    stated = said["year"] or ""
    year = int(stated)
    if len(stated) == 2:
        year += 2000 if year < 90 else 1900
    hour = int(said["hour"] or 0)
    half = said.get("half") or {"오전": "a", "오후": "p"}.get(said.get("korean") or "", "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    clock = (hour, int(said["minute"] or 0), int(said["second"] or 0))
    day = (year, month, int(said["day"] or 0))
    return _made(day, clock if said["hour"] else None, said.get("zone") or "")


def _month(word: str) -> int:
    """A month's number by its name or the start of it, in the languages of ``months``; 0: none."""
    for length in range(min(len(word), 12), 2, -1):
        if number := MONTHS.get(word[:length]):
            return number
    return 0


def _iso(text: str) -> Stamp | None:
    """ISO 8601: calendar, ordinal and week dates, extended or compact, with or without a clock."""
    head, mark, tail = text.partition("t")
    if not mark:
        head, _, tail = text.partition(" ")
    found = _ISO_DAY.fullmatch(head)
    if not found:
        return None
    day = _iso_day(found.groupdict())
    if day is None or not tail:
        return _made((day.year, day.month, day.day), None, "") if day else None
    clock = _ISO_CLOCK.match(tail.strip())
    if not clock:
        return None
    hour, minute, second, zone = clock.groups()
    time = (int(hour), int(minute or 0), int(second or 0))
    return _made((day.year, day.month, day.day), time, zone or "")


def _iso_day(said: dict[str, str | None]) -> date | None:
    year = int(said["year"] or said["only"] or f"20{said['short']}")
    ordinal = said["ordinal"] or said["ordinal2"]
    try:
        if said["week"]:
            return date.fromisocalendar(year, int(said["week"]), int(said["weekday"] or 1))
        if ordinal:
            day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
            return day if day.year == year else None
        month = int(said["month"] or said["month2"] or said["month3"] or 1)
        return date(year, month, int(said["day"] or said["day2"] or 1))
    except (ValueError, OverflowError):
        return None


def _made(day: tuple[int, int, int], clock: tuple[int, int, int] | None, zone: str) -> Stamp | None:
    """The time, if there is such a day; midnight may be 24:00, and a second may be the 60th."""
    hour, minute, second = clock or (0, 0, 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    offset = _offset(zone)
    rough = _ROUGH.get(zone.strip(" ()"), 0)
    try:
        since = timedelta(hours=hour, minutes=minute, seconds=second)
        at = datetime(*day, tzinfo=timezone(timedelta(minutes=offset or rough))) + since
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stamp(at, clock is not None, offset is not None)


def _offset(zone: str) -> int | None:
    """Minutes east; None when no zone is stated, or one that is not known."""
    zone = zone.strip(" ()").removesuffix(" uhr").removeprefix("uhr").strip()
    known = _ZONES.get(zone.removeprefix("etc/"))
    if known is not None:
        return known
    found = _OFFSET.match(zone)
    if not found:
        first = zone.partition(" ")[0]
        return _ZONES.get(first) if first != zone else None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return minutes if found[1] == "+" else -minutes
