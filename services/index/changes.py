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
    """``known`` is what the index shall have (None: as it is), ``revisions`` what it shall keep."""

    outcome: PutOutcome
    known: Known | None = None
    revisions: tuple[Article, ...] = ()


def decide(known: Known | None, article: Article) -> Change:
    """The rules of ``Index.put``.

    An unchanged article keeps its first record, but the time when it was last seen moves on, so
    that a late copy from in between cannot overwrite it.

    Its story is none of its content: it comes from the store and changes when others join it.
    The one that was put last counts, whatever becomes of the rest; an article that names none
    leaves the one that there is.

    A revision is a text that is not, or not only, the newest; of each the index keeps what it was
    when it was first seen (see ``services.index.documents.revision_key``). So fetches that arrive
    late, or again, end in the same revisions as those that arrive in their order.
    """
    if known is None:
        return Change("stored", Known(article, article.fetched_at))
    if not article.story:
        article = _retold(article, known.article)
    change = _change(known, article)
    live = change.known or known
    if _told(live.article) == _told(article):
        return change
    outcome: PutOutcome = "stored" if change.outcome == "unchanged" else change.outcome
    return Change(outcome, Known(_retold(live.article, article), live.seen), change.revisions)


def _change(known: Known, article: Article) -> Change:
    new = Known(article, article.fetched_at)
    same = known.article.content_hash == article.content_hash
    if article.fetched_at < known.seen:
        return _late(known, article, same=same)
    if same and known.article.made_by == article.made_by:
        later = article.fetched_at > known.seen
        return Change("unchanged", Known(known.article, article.fetched_at) if later else None)
    return Change("stored", new, revisions=() if same else (known.article,))


def _late(known: Known, article: Article, *, same: bool) -> Change:
    """A fetch that others overtook."""
    if article.fetched_at < known.article.fetched_at:
        return Change("superseded", revisions=(article,))
    if same:
        return Change("superseded")
    # In between the text was another one: the newest came back to what it had said before.
    back = msgspec.structs.replace(known.article, fetched_at=known.seen)
    return Change("superseded", Known(back, known.seen), (known.article, article))


def _told(article: Article) -> tuple[str, bool, str]:
    return article.story, article.original, article.event


def _retold(article: Article, other: Article) -> Article:
    """The article with the other one's story and event."""
    return msgspec.structs.replace(
        article, story=other.story, original=other.original, event=other.event
    )
