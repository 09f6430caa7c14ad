"""What a check found, judged: whether a source can be used, what is read of it, what to do."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median

import msgspec

from processors.extract import extract_article
from processors.records import FeedHints
from processors.stamps import read_stamp
from services.sources.advice import advice_for, of_article
from services.sources.findings import Look, PageFound, RobotsFound

FEWEST_TIMES = 3
"""Fewer say nothing of a rhythm."""


class ArticleChecked(msgspec.Struct, frozen=True, kw_only=True):
    """What would become of one article."""

    url: str
    outcome: str
    """``article``; or why it is none: as the crawl or the reading says it."""
    reason: str = ""
    remedy: str = ""
    title: str = ""
    words: int = 0
    published: datetime | None = None
    language: str = ""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A source as it is now."""

    seed: str
    source: str = ""
    """Its id, when it is one of yours."""
    usable: bool
    outcome: str
    reason: str = ""
    advice: tuple[str, ...] = ()
    """What to do, or to know; a sentence each."""
    kind: str
    final_url: str = ""
    followed: str = ""
    status: int = 0
    content_type: str = ""
    size: int = 0
    title: str = ""
    language: str = ""
    entries: int = 0
    total: int = 0
    flaw: str = ""
    hub: str = ""
    validators: tuple[str, ...] = ()
    newest: datetime | None = None
    usual: float | None = None
    """Seconds between two articles: the median of those that it lists."""
    robots: RobotsFound | None = None
    articles: tuple[ArticleChecked, ...] = ()


def judge(look: Look, now: datetime, source: str = "") -> Checked:
    """Read the articles of a look as the stage ``read`` would, and say whether they suffice."""
    times = _times(look.times, now)
    articles = tuple(_article(page, look.final_url, now) for page in look.articles)
    read = [article for article in articles if article.outcome == "article"]
    usable = look.outcome == "fetched" and (bool(read) or not look.articles)
    if look.kind == "page":
        usable = usable and bool(read)
    newest = max(times, default=None)
    usual = usual_gap(times)
    return Checked(
        seed=look.seed,
        source=source,
        usable=usable,
        outcome=look.outcome,
        reason=look.reason,
        advice=advice_for(look, [article.outcome for article in articles], newest, usual, now),
        kind=look.kind,
        final_url=look.final_url,
        followed=look.followed,
        status=look.status,
        content_type=look.content_type,
        size=look.size,
        title=look.title,
        language=look.language,
        entries=look.entries,
        total=look.total,
        flaw=look.flaw,
        hub=look.hub,
        validators=look.validators,
        newest=newest,
        usual=usual,
        robots=look.robots,
        articles=articles,
    )


def usual_gap(times: Sequence[datetime]) -> float | None:
    """Seconds between two articles, the median of the gaps; None when there are too few."""
    ordered = sorted(times)
    if len(ordered) < FEWEST_TIMES:
        return None
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(ordered)]
    return median(gaps)


def _times(written: Sequence[str], now: datetime) -> list[datetime]:
    """Those that can be read, the future left out."""
    stamps = (read_stamp(text) for text in written)
    return [stamp.at for stamp in stamps if stamp and stamp.at <= now]


def _article(page: PageFound, feed: str, now: datetime) -> ArticleChecked:
    if page.outcome != "fetched":
        return ArticleChecked(
            url=page.url,
            outcome=page.outcome,
            reason=page.reason,
            remedy=of_article(page.outcome),
            title=page.title,
        )
    found = extract_article(
        page.body,
        page.final_url,
        content_type=page.content_type,
        hints=FeedHints(feed=feed, title=page.title, published=page.published),
        fetched_at=now,
    )
    return ArticleChecked(
        url=page.final_url,
        outcome=found.outcome,
        reason=found.reason,
        remedy=of_article(found.outcome),
        title=found.title or page.title,
        words=len(found.body.split()),
        published=found.published,
        language=found.language,
    )
