"""What ``put`` does with one article, decided without an engine."""

from datetime import datetime

import msgspec

from processors.records import Article
from services.index import PutOutcome


class Known(msgspec.Struct, frozen=True):
    """What an index has under an id: the article, and when its content was last seen."""

    article: Article
    seen: datetime


class Change(msgspec.Struct, frozen=True):
    """``known`` is what the index shall have (None: as it is), ``revision`` what it shall keep."""

    outcome: PutOutcome
    known: Known | None = None
    revision: Article | None = None


def decide(known: Known | None, article: Article) -> Change:
    """The rules of ``Index.put``.

    An unchanged article keeps its first record, but the time when it was last seen moves on, so
    that a late copy from in between cannot overwrite it.
    """
    new = Known(article, article.fetched_at)
    if known is None:
        return Change("stored", new)
    same = known.article.content_hash == article.content_hash
    if article.fetched_at < known.seen:
        return Change("superseded", revision=None if same else article)
    if same and known.article.made_by == article.made_by:
        later = article.fetched_at > known.seen
        return Change("unchanged", Known(known.article, article.fetched_at) if later else None)
    return Change("stored", new, revision=None if same else known.article)
