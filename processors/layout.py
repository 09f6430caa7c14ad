"""Whether a source's pages can still be read as before: from the ends of its last pages alone.

A publisher that changes its layout says so nowhere; but from one page on most texts are missing,
or short, or without a title, a day, an author. For each of these signs the last pages are split
in two at every place near the end, and the likelihood of two shares is compared with that of one
(the generalised likelihood ratio of a change, with the source's own past as its only norm).

The odds that must be met are so high because pages of one kind come in rows (a day of live
pages, a series of galleries); ``tests/unit/test_layout.py`` measures how often a source
whose pages come so is called broken without a cause, and how many pages a true break takes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate
from math import log
from statistics import median
from typing import Literal

import msgspec

KEPT = 200
"""Pages of a source that are looked back on."""
Sign = Literal["unread", "short", "long", "no-title", "no-date", "no-authors"]

_PAST = 15
"""Pages before a change, without which there is nothing to compare with."""
_RECENT = (8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
"""Pages since a change that are tried."""
_ODDS = 13.0
"""Natural logarithm of the likelihood ratio that is asked for."""
_STEP = 0.4
"""How much larger the share must have become; a smaller change may be one of what is written."""
_NOW = 8
"""The very last pages, of which most must show the sign still: else it has passed."""
_NONE = 12
"""As many pages without one text among them are a fault whatever came before."""


class PageRead(msgspec.Struct, frozen=True, kw_only=True):
    """How the reading of one page of a source ended."""

    source: str
    page: str
    """The page's id: read again it replaces itself, unless it was fetched earlier."""
    at: datetime
    """When the page was fetched."""
    outcome: str
    words: int = 0
    title: bool = False
    date: bool = False
    authors: bool = False


class Breakage(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a source's pages gave before and give no longer."""

    sign: Sign
    since: datetime
    """When the first page with the change was fetched, as well as that can be told."""
    pages: int
    """Pages since then."""
    now: float
    """The share of those that show the sign, from 0 to 1."""
    before: float
    """The share of the pages before."""
    says: str


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the last ``KEPT`` pages of a source gave."""

    source: str
    pages: int
    last: datetime
    articles: float
    """The share that was read as articles; texts in other languages count, too."""
    words: int
    """Of the middle article."""
    titles: float
    dates: float
    authors: float
    """Shares of the articles that state them."""
    breakages: tuple[Breakage, ...] = ()


def health(source: str, pages: Sequence[PageRead]) -> Health:
    """Of at least one page of the source, in any order."""
    ordered = sorted(pages, key=lambda page: (page.at, page.page))[-KEPT:]
    articles = [page for page in ordered if _is_read(page)]

    def share(of: Callable[[PageRead], bool]) -> float:
        return round(sum(map(of, articles)) / len(articles), 3) if articles else 0.0

    return Health(
        source=source,
        pages=len(ordered),
        last=ordered[-1].at,
        articles=round(len(articles) / len(ordered), 3),
        words=round(median(page.words for page in articles)) if articles else 0,
        titles=share(lambda page: page.title),
        dates=share(lambda page: page.date),
        authors=share(lambda page: page.authors),
        breakages=find_breakages(ordered),
    )


def find_breakages(pages: Sequence[PageRead]) -> tuple[Breakage, ...]:
    """What changed for the worse and is so still; ``pages`` in the order of their fetches.

    Where texts are missing nothing else is told, since the rest follows from it.
    """
    unread = [not _is_read(page) for page in pages]
    if broken := _changed("unread", pages, unread) or _nothing_read(pages, unread):
        return (broken,)
    read = [page for page in pages if _is_read(page)]
    usual = median(page.words for page in read) if read else 0
    signs: tuple[tuple[Sign, Callable[[PageRead], bool]], ...] = (
        ("short", lambda page: page.words < 0.35 * usual),
        ("long", lambda page: page.words > 3 * usual),
        ("no-title", lambda page: not page.title),
        ("no-date", lambda page: not page.date),
        ("no-authors", lambda page: not page.authors),
    )
    found = (_changed(sign, read, [shows(page) for page in read]) for sign, shows in signs)
    return tuple(filter(None, found))


def _is_read(page: PageRead) -> bool:
    return page.outcome in ("read", "article", "other-language")


def _nothing_read(pages: Sequence[PageRead], unread: Sequence[bool]) -> Breakage | None:
    if len(pages) < _NONE or not all(unread):
        return None
    says = f"none of its {len(pages)} pages gave a text"
    return Breakage(
        sign="unread", since=pages[0].at, pages=len(pages), now=1.0, before=1.0, says=says
    )


def _changed(sign: Sign, pages: Sequence[PageRead], shows: Sequence[bool]) -> Breakage | None:
    """The most likely place of a change for the worse, if any is likely enough."""
    if sum(shows[-_NOW:]) * 2 <= _NOW:
        return None
    sums = [0, *accumulate(shows)]
    total = len(shows)
    sizes = [size for size in _RECENT if total - size >= _PAST]
    splits = [_Split(sums[-size - 1], total - size, sums[-1], size) for size in sizes]
    likely = [each for each in splits if each.step >= _STEP]
    best = max(likely, key=lambda split: split.odds, default=None)
    if best is None or best.odds < _ODDS:
        return None
    return Breakage(
        sign=sign,
        since=pages[-best.recent].at,
        pages=best.recent,
        now=round(best.after / best.recent, 3),
        before=round(best.before / best.past, 3),
        says=f"{best.after} of the last {best.recent} pages {_WORDS[sign]}, "
        f"{best.before} of {best.past} before",
    )


_WORDS: dict[Sign, str] = {
    "unread": "gave no text",
    "short": "gave far less text than usual",
    "long": "gave far more text than usual",
    "no-title": "had no title",
    "no-date": "had no date",
    "no-authors": "named no author",
}


class _Split:
    """Pages before and since a change, and how many of them show a sign."""

    def __init__(self, before: int, past: int, both: int, recent: int) -> None:
        self.before, self.past = before, past
        self.after, self.recent = both - before, recent

    @property
    def step(self) -> float:
        return self.after / self.recent - self.before / self.past

    @property
    def odds(self) -> float:
        """Logarithm of how much likelier two shares are than one."""
        together = (self.before + self.after) / (self.past + self.recent)
        return (
            _likelihood(self.before, self.past, self.before / self.past)
            + _likelihood(self.after, self.recent, self.after / self.recent)
            - _likelihood(self.before, self.past, together)
            - _likelihood(self.after, self.recent, together)
        )


def _likelihood(shown: int, of: int, share: float) -> float:
    hidden = of - shown
    return (shown * log(share) if shown else 0.0) + (hidden * log(1 - share) if hidden else 0.0)
