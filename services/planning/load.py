"""The load that is planned for, checked."""

import re

import msgspec

from services.errors import UserError
from services.planning.day import DAY_SECONDS, MOST_PEAK, PEAK

_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*([kmb]?)", re.IGNORECASE)
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
MOST_ARTICLES = 10_000_000_000
MOST_TOPICS = 100_000_000
MOST_ALERTS = 10_000
"""Of one article: no reader is told of everything."""


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """Of a month, in one currency, whichever."""

    core: float = 0.0
    memory: float = 0.0
    """A gigabyte."""
    disk: float = 0.0
    """A gigabyte."""

    @property
    def given(self) -> bool:
        return any((self.core, self.memory, self.disk))


class Load(msgspec.Struct, frozen=True, kw_only=True):
    articles_per_day: int
    topics: int = 1_000
    alerts_a_topic: float = 5.0
    """A day: an assumption, as much a habit of who asks as of the news."""
    days_kept: int = 365
    peak: float = PEAK
    """The busiest hour by the mean one."""
    utilisation: float = 0.6
    """Of cores in the busiest hour: above it, waits grow quickly."""
    replicas: int = 1
    """Further copies of every byte that servers keep."""

    @property
    def mean(self) -> float:
        """Articles a second."""
        return self.articles_per_day / DAY_SECONDS

    @property
    def busiest(self) -> float:
        """Articles a second in the busiest hour."""
        return self.mean * self.peak

    @property
    def alerts_an_article(self) -> float:
        return self.topics * self.alerts_a_topic / self.articles_per_day


def number_of(text: str, option: str) -> int:
    """``1M``, ``500k``, ``1,000,000``. Raises UserError for anything else."""
    found = _NUMBER.fullmatch(text.strip())
    if not found:
        raise UserError(f"{option} {text[:40]!r} is no number; write 500000, 500k or 1.5M")
    whole = float(found[1].replace(",", "")) * _SCALE[found[2].lower()]
    return round(whole)


def check(load: Load) -> Load:
    """The same. Raises UserError for a figure that nothing can be planned with."""
    ranges: tuple[tuple[str, float, float, float, str], ...] = (
        ("--articles-per-day", load.articles_per_day, 1, MOST_ARTICLES, "write 500k or 1M"),
        ("--topics", load.topics, 0, MOST_TOPICS, "write 1000 or 1.5M"),
        ("--alerts-a-topic", load.alerts_a_topic, 0, 100_000, "5 is what is taken without it"),
        ("--days-kept", load.days_kept, 1, 36_500, "365 is a year"),
        ("--peak", load.peak, 1, MOST_PEAK, f"{PEAK} is what is taken without it"),
        ("--utilisation", load.utilisation, 0.05, 0.95, "0.6 leaves room, 0.9 lets news wait"),
        ("--replicas", load.replicas, 0, 5, "1 is one copy beside the first"),
    )
    for option, value, least, most, remedy in ranges:
        if not least <= value <= most:  # nor when it is no number at all
            raise UserError(
                f"{option} {value:g} is not between {least:,g} and {most:,.15g}; {remedy}"
            )
    if load.alerts_an_article > MOST_ALERTS:
        raise UserError(
            f"--topics {load.topics:,} with --alerts-a-topic {load.alerts_a_topic:g} are "
            f"{load.alerts_an_article:,.0f} alerts an article; give fewer than {MOST_ALERTS:,}"
        )
    return load
