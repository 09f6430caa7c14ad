"""When a feed says that it changes: RSS's ``ttl`` and ``skip…``, the module ``sy:update…``."""

from lxml import etree

from crawlers.listings.entries import Rhythm
from crawlers.listings.names import name_of

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST = 525_600
"""Minutes of a year: nobody means more."""


def read_rhythm(head: etree._Element) -> Rhythm:
    """The rhythm that a feed's own fields state; what makes no sense counts as not stated."""
    said: dict[str, etree._Element] = {}
    for child in head:
        said.setdefault(name_of(child), child)
    return Rhythm(
        ttl=_minutes(_text(said, "ttl")),
        every=_every(_text(said, "sy:updateperiod"), _text(said, "sy:updatefrequency")),
        base=_text(said, "sy:updatebase")[:100],
        skip_hours=frozenset(_hours(said.get("skiphours"))),
        skip_days=frozenset(_days(said.get("skipdays"))),
    )


def _text(said: dict[str, etree._Element], name: str) -> str:
    element = said.get(name)
    return (element.text or "").strip() if element is not None else ""


def _minutes(text: str) -> int:
    number = text.partition(".")[0]
    return min(int(number), _LONGEST) if number.isdecimal() and len(number) < 10 else 0


def _every(period: str, frequency: str) -> int:
    """``hourly`` by 2 is every half hour. A frequency alone counts days, as the module says."""
    if not period and not frequency:
        return 0
    whole = _PERIODS.get(period.lower() or "daily", 0)
    times = _minutes(frequency) if frequency else 1
    return max(1, whole // times) if whole and times else 0


def _hours(element: etree._Element | None) -> list[int]:
    """0 to 23; 24 is midnight, as RSS 0.91 counted."""
    numbers = [(child.text or "").strip() for child in element[:48]] if element is not None else []
    return [int(each) % 24 for each in numbers if each.isdecimal() and len(each) < 3]


def _days(element: etree._Element | None) -> list[int]:
    names = [(child.text or "").strip() for child in element[:14]] if element is not None else []
    return [_DAYS.index(name[:3].lower()) for name in names if name[:3].lower() in _DAYS]
