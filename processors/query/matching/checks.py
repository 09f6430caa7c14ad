"""What facts alone cannot tell: order, distance, dates, moods, and the conditions on one claim."""

from collections.abc import Sequence
from itertools import combinations

from processors.query import tree
from processors.query.conditions import (
    called,
    is_claim,
    is_entity,
    is_mood,
    is_published,
    is_source,
)
from processors.query.matching.seen import Places, Seen
from processors.records import Article


def holds(leaf: tree.Leaf, seen: Seen) -> bool:
    """Whether an article has what the leaf says; worked out once an article."""
    known = seen.known.get(leaf)
    if known is None:
        known = seen.known[leaf] = _text_holds(leaf, seen) or _field_holds(leaf, seen.article)
    return known


def _text_holds(leaf: tree.Leaf, seen: Seen) -> bool:
    match leaf:
        case tree.Words(terms=wanted, where=where):
            phrase = f" {' '.join(wanted)} "
            return any(phrase in text for text in seen.texts(where))
        case tree.Near(terms=wanted, gap=gap, where=where):
            return any(_near(wanted, gap, places) for places in seen.places(where))
        case _:
            return False


def _field_holds(  # noqa: PLR0911 - one return a kind of leaf
    leaf: tree.Leaf, article: Article
) -> bool:
    match leaf:
        case tree.Published():
            return is_published(leaf, article)
        case tree.ClaimIs():
            return any(is_claim(leaf, claim) for claim in article.claims)
        case tree.MoodIs():
            names = {entity.id: entity.name for entity in article.entities}
            return any(is_mood(leaf, mood, names.get(mood.entity)) for mood in article.moods)
        case tree.EntityIs():
            return any(is_entity(leaf, entity) for entity in article.entities)
        case tree.AuthorIs(text=text):
            return any(called(text, author) for author in article.authors)
        case tree.SourceIs():
            return is_source(leaf, article)
        case _:
            return False


def _near(wanted: Sequence[str], gap: int, places: Places) -> bool:
    pairs = combinations(map(places.of, wanted), 2)
    return all(_close(one, other, gap) for one, other in pairs)


def _close(one: Sequence[int], other: Sequence[int], gap: int) -> bool:
    """Whether a place of one is within ``gap`` others of a place of the other; both in order."""
    at = to = 0
    while at < len(one) and to < len(other):
        if abs(one[at] - other[to]) - 1 <= gap:
            return True
        if one[at] < other[to]:
            at += 1
        else:
            to += 1
    return False
