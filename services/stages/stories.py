"""Articles get their stories from the store on their way into the index, and keep up with them.

The store is the truth, the index a view of it, and no transaction spans both. So whoever puts an
article asks afterwards whether its story is still the same, and puts it again when it is not; and
whoever changed the stories of others puts those again, in the same way. Two who are at it at
the same time cannot both miss the other: the change of one comes before the question of the
other, or else after its put. A kill in between is mended when the event is delivered again: the
store tells what is stale until it was noted.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import batched

import msgspec

from processors.records import Article
from processors.stories import fingerprint
from processors.stories.signs import sign
from services.errors import TryLater
from services.index import Index, PutOutcome
from services.metrics import DEDUP_FOLDED
from services.store.port import Copy, Stories, Told

PART = 128
"""Articles at once of those that follow others."""
ROUNDS = 12
"""Others may change the same stories this often before the events are put off."""


def put_joined(
    index: Index, store: Stories, articles: Sequence[Article], *, note: bool = True
) -> list[PutOutcome]:
    """Join articles to their stories, put them, and put again what told them before.

    ``note``: that this is the index which has to be told. Raises as ``Index.put`` and ``Store``.
    """
    joined = store.join_stories([as_copy(article) for article in articles])
    placed = [told_as(article, each.told) for article, each in zip(articles, joined, strict=True)]
    stale = sorted({article_id for each in joined for article_id in each.stale})
    # As a rule few, and then one commit of the index serves for all.
    others = _there(index, set(stale[:PART]) - {article.id for article in placed})
    retold = store.stories([article.id for article in others]) if others else {}
    others = [told_as(article, retold[article.id]) for article in others]
    outcomes = index.put([*placed, *others])[: len(placed)]
    if note:
        copies = zip(outcomes, joined, strict=True)
        DEDUP_FOLDED.inc(sum(end == "stored" and not each.original for end, each in copies))
    told, changed = _keep_up(index, store, [*placed, *others])
    if note and (stale or changed):
        store.note_told(told)
    follow(index, store, stale[PART:], note=note)
    return outcomes


def follow(index: Index, store: Stories, article_ids: Collection[str], *, note: bool) -> None:
    """Let the index know the stories that these articles tell by now."""
    for part in batched(sorted(article_ids), PART):
        told, _ = _keep_up(index, store, _there(index, part))
        if note:
            store.note_told(told)


def _there(index: Index, article_ids: Iterable[str]) -> list[Article]:
    """What the index has; the others are being put by another worker, or were refused by it."""
    found = (index.get(article_id) for article_id in article_ids)
    return [article for article in found if article is not None]


def as_copy(article: Article) -> Copy:
    found = fingerprint(article.title, article.body)
    about = sign(article.title, article.body)
    return Copy(
        article_id=article.id,
        published=article.published or article.fetched_at,
        seen=article.fetched_at,
        bands=found.bands,
        signature=found.signature,
        keys=about.keys,
        sign=about.terms,
    )


def _keep_up(
    index: Index, store: Stories, articles: Iterable[Article]
) -> tuple[dict[str, Told], bool]:
    """Put articles, as the index has them, again until they tell what the store says.

    What that is, and whether it was another story than they had. Raises TryLater when others
    change it all the time.
    """
    done: dict[str, Told] = {}
    behind = {article.id: article for article in articles}
    for turn in range(ROUNDS):
        told = store.stories(behind)
        done |= told
        behind = {
            article_id: told_as(behind[article_id], each)
            for article_id, each in told.items()
            if each != _as_told(behind[article_id])
        }
        if not behind:
            return done, turn > 0
        index.put(list(behind.values()))
    raise TryLater(f"the stories of {len(behind)} articles are changed by others all the time")


def told_as(article: Article, told: Told) -> Article:
    return msgspec.structs.replace(
        article, story=told.story, original=told.original, event=told.event
    )


def _as_told(article: Article) -> Told:
    return Told(article.story, article.original, article.event)
