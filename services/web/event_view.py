"""The event that a story is about, told by others in their own words."""

from datetime import datetime

import msgspec

from processors.query.tree import And, EventIs, Original
from processors.records import Article
from services.index import Index, source_name
from services.index.documents import event_of, story_of
from services.web.moments import Moment, age_words, if_known
from services.web.views import shown_title

STORIES = 30
"""Stories of the event that are listed."""


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """Another story of the event, by the article that told it first."""

    id: str
    story: str
    title: str
    source: str
    published: Moment | None
    later: str
    """How long after the first of the event; empty for the first, and where no time is known."""
    first: bool
    copies: int


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """An event that several stories are about."""

    id: str
    origins: int
    """Independent ones: stories, each with its copies counted once."""
    first: Elsewhere
    """The story that was published first; it may be the one that is looked at."""
    others: tuple[Elsewhere, ...]
    """All but the one that is looked at, in order of publication."""
    more: int
    """Further ones that are not listed."""


def event_view(index: Index, article: Article, now: datetime) -> EventView | None:
    """The event of an article's story; None when no other story is about it. Raises TryLater."""
    event, own = event_of(article), story_of(article)
    asked = And((EventIs(event), Original()))
    found = index.search(asked, limit=STORIES, sort="oldest", fold=True)
    if found.total < 2:
        return None
    start = next((hit.article.published for hit in found.hits if hit.article.published), None)
    stories = [
        _elsewhere(hit.article, hit.copies, start, now, first=at == 0)
        for at, hit in enumerate(found.hits)
    ]
    others = tuple(it for it in stories if it.story != own)
    return EventView(
        id=event,
        origins=found.total,
        first=stories[0],
        others=others,
        more=max(0, found.total - 1 - len(others)),
    )


def _elsewhere(
    article: Article, copies: int, start: datetime | None, now: datetime, *, first: bool
) -> Elsewhere:
    later = article.published - start if article.published and start else None
    return Elsewhere(
        id=article.id,
        story=story_of(article),
        title=shown_title(article),
        source=source_name(article),
        published=if_known(article.published, now),
        later=age_words(later) if later and not first else "",
        first=first,
        copies=copies,
    )
