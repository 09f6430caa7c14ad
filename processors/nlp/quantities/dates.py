"""Dates as news states them, as ISO 8601 prefixes; relative days need the publication date."""

import re
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, timedelta

from processors.nlp.quantities.quantity import Quantity, Taken, readable
from processors.nlp.runs import Runs, found_at
from processors.nlp.wordlists import words

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SHORT = {name[:3]: number for number, name in enumerate(_MONTHS, 1)}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4, "final": 4}

_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November"
    r"|December|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
)
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})(?![\w%]|[.,]\d|\s?(?:employees|people|GPUs|chips|staff))"
_ISO = r"(?<![\w-])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?(?![\w-])"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_PART = (
    r"(?:(?:(?:very )?(?:early|late)|mid|the (?:start|end|beginning|middle) of|spring|summer|autumn"
    r"|fall|winter)(?: in| of)?[\s-])?"
)
_QUARTER = r"(?:Q(?P<q>[1-4])|the\s(?P<order>first|second|third|fourth|last|final)\squarter)"
_HALF = r"(?:H(?P<h>[12])|the\s(?P<order>first|second|last)\shalf)"
_MONTH_DAY = rf"(?-i:{_MONTH})(?:\s{_DAY}(?![\w,.%-]*\d|\s(?:million|billion)))?"
_WEEKDAY = rf"(?:(?P<last>last)|on|this)\s(?P<weekday>{'|'.join(_DAYS)})"

_PARTS = words("date_parts")
"""Words that ``_PART`` can begin with."""
_IN = "on|in|since|of|by|last"
_MONTH_NAMES = frozenset((*_MONTHS, *_SHORT, "sept"))
_NAMED = _MONTH_NAMES | {*_DAYS, "yesterday", "today"}
_REACH = 60
"""Characters from a date's beginning in which its year, month or day is named."""
_FIGURE = "0"
"""Stands for any figure among the words that a date can begin with."""

Reader = Callable[[re.Match[str], date | None], str | None]


def _month(text: str) -> int:
    return _SHORT[text[:3].lower()]


def _full(found: re.Match[str], _: date | None) -> str | None:
    day, month, year = int(found["day"]), _month(found["month"]), int(found["year"])
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year}-{month:02}"


def _month_year(found: re.Match[str], _: date | None) -> str | None:
    return f"{found['year']}-{_month(found['month']):02}"


def _iso(found: re.Match[str], _: date | None) -> str | None:
    return found[0]


def _quarter(found: re.Match[str], _: date | None) -> str | None:
    number = found["q"] or str(_ORDER[found["order"].lower()])
    return f"{found['year']}-Q{number}"


def _half(found: re.Match[str], _: date | None) -> str | None:
    number = found["h"] or str(min(2, _ORDER[found["order"].lower()]))
    return f"{found['year']}-H{number}"


def _year(found: re.Match[str], _: date | None) -> str | None:
    return found["year"]


def _this_month(found: re.Match[str], published: date | None) -> str | None:
    """``May 12`` and ``in May`` of the year nearest before the publication."""
    if published is None:
        return None
    month = _month(found["month"])
    year = published.year - (month > published.month)
    day = found["day"]
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day and 1 <= int(day) <= 31 else "")


def _weekday(found: re.Match[str], published: date | None) -> str | None:
    if published is None:
        return None
    back = (published.weekday() - _DAYS.index(found["weekday"].lower())) % 7
    if found["last"] and back == 0:
        back = 7
    return (published - timedelta(days=back)).isoformat()


def _near_day(found: re.Match[str], published: date | None) -> str | None:
    if published is None:
        return None
    return (published - timedelta(days=int(found[0].lower() == "yesterday"))).isoformat()


PATTERNS: tuple[tuple[re.Pattern[str], frozenset[str], Reader], ...] = tuple(
    (re.compile(rf"(?=\w){pattern}", re.IGNORECASE), frozenset(first), reader)
    for pattern, first, reader in (
        (_ISO, {_FIGURE}, _iso),
        (rf"(?<![\w.]){_MONTH}\s{_DAY}\s?,?\s{_YEAR}", _MONTH_NAMES, _full),
        (rf"(?<![\w.,-]){_DAY}\s(?:of\s)?{_MONTH},?\s{_YEAR}", {_FIGURE}, _full),
        (rf"(?<!\w){_PART}{_MONTH}(?:\sof)?,?\s{_YEAR}", _PARTS | _MONTH_NAMES, _month_year),
        (rf"(?<!\w){_QUARTER}(?:\sof|\sin)?\s{_YEAR}", {"q", "the"}, _quarter),
        (rf"(?<!\w){_HALF}(?:\sof|\sin)?\s{_YEAR}", {"h", "the"}, _half),
        (rf"(?<![\w$€£.,-]){_PART}{_YEAR}", _PARTS | {_FIGURE}, _year),
        (rf"(?<!\w)(?:{_IN})\s{_PART}{_MONTH_DAY}(?!\w)", _IN.split("|"), _this_month),
        (rf"(?<!\w){_WEEKDAY}(?!\w)", {"last", "on", "this"}, _weekday),
        (r"(?<!\w)(?:yesterday|today)(?!\w)", {"yesterday", "today"}, _near_day),
    )
)  # fmt: skip


_FIRST_WORDS = frozenset().union(*(first for _, first, _ in PATTERNS))


def beginnings(runs: Runs) -> list[tuple[int, str]]:
    """Where a date may begin, and with what word: shortly before a year, a month or a day."""
    years = {run for run in runs.all if len(run) == 4 and run.startswith(("19", "20"))}
    named = [place for place, _ in runs.among(_NAMED | years)]
    if not named:
        return []
    named.append(named[-1] + len(runs.lower) + _REACH)
    found = sorted([*runs.among(_FIRST_WORDS), *((place, _FIGURE) for place in runs.figures)])
    return [one for one in found if named[bisect_left(named, one[0])] - one[0] <= _REACH]


def find_dates(
    text: str, published: date | None = None, runs: Runs | None = None
) -> list[Quantity]:
    """Dates of a text in order, without overlaps, longer forms first.

    Days without a year are read against ``published`` and left out where that is unknown;
    ``runs`` are the text's, where they are known.
    """
    text = readable(text)
    begun = beginnings(runs or Runs(text))
    out: list[Quantity] = []
    taken = Taken(len(text))
    for pattern, first, reader in PATTERNS:
        places = [place for place, word in begun if word in first]
        for found in found_at(pattern, text, places):
            start, end = found.span()
            if taken.meets(start, end):
                continue
            value = reader(found, published)
            if value is not None:
                taken.add(start, end)
                out.append(Quantity(sort="date", start=start, end=end, figure=start, date=value))
    return sorted(out, key=lambda q: q.start)
