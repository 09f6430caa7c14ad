"""What facts alone cannot tell: order, distance, dates, moods, and the conditions on one claim."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from itertools import combinations
from operator import eq, ge, gt, le, lt

from processors.figures import dollars
from processors.query import tree
from processors.query.matching.seen import Seen
from processors.query.terms import terms
from processors.query.values import days
from processors.records import Article, Claim

COMPARE: dict[tree.Compare, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
}
_days = lru_cache(maxsize=4_096)(days)


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
            places = seen.places(where)
            return all(_close(places[a], places[b], gap) for a, b in combinations(wanted, 2))
        case _:
            return False


def _field_holds(  # noqa: PLR0911 - one return a kind of leaf
    leaf: tree.Leaf, article: Article
) -> bool:
    match leaf:
        case tree.Published(after=after, before=before):
            when = article.published or article.fetched_at
            return (after is None or when >= after) and (before is None or when < before)
        case tree.ClaimIs(kind=kind, conditions=conditions):
            claims = (claim for claim in article.claims if kind in (None, claim.kind))
            return any(all(_meets(one, claim) for one in conditions) for claim in claims)
        case tree.MoodIs(text=text, compare=compare, score=score):
            names = {entity.id: entity.name for entity in article.entities}
            return any(
                _called(text, names.get(mood.entity), mood.entity)
                and COMPARE[compare](round(mood.score, 2), score)
                for mood in article.moods
            )
        case tree.EntityIs(text=text, types=types):
            return any(
                _called(text, entity.name, entity.id) and (not types or entity.type in types)
                for entity in article.entities
            )
        case tree.AuthorIs(text=text):
            return any(_called(text, author) for author in article.authors)
        case tree.SourceIs(text=text):
            site = f" {' '.join(terms(article.site_name))} "
            by_id = article.source in (text, text.lower())
            return by_id or f" {' '.join(terms(text))} " in site
        case _:
            return False


def _close(one: list[int], other: list[int], gap: int) -> bool:
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


def _called(text: str, name: str | None, id: str | None = None) -> bool:
    """Whether somebody's id is the text, or the name ends with its terms."""
    if id is not None and id in (text, text.lower()):
        return True
    wanted = terms(text)
    return bool(name and wanted) and terms(name or "")[-len(wanted) :] == wanted


def _meets(condition: tree.Condition, claim: Claim) -> bool:
    match condition:
        case tree.Amount(unit="usd", compare=compare, value=value):
            return any(COMPARE[compare](one, value) for one in dollars(claim))
        case tree.Amount(compare=compare, value=value):
            stated = (claim.amount_low, claim.amount_high)
            return claim.unit in ("chips", "people") and any(
                one is not None and COMPARE[compare](one, value) for one in stated
            )
        case tree.Dated(compare=compare, date=text):
            asked, own = _days(text), _days(claim.date or "")
            return asked is not None and own is not None and _dated(compare, asked, own)
        case tree.PartyIs(role=role, text=text):
            return _called(text, *_party(role, claim))
        case tree.ModalityIs(modality=modality):
            return claim.modality == modality
        case tree.BoundIs(bound=bound):
            return claim.bound == bound


def _party(role: tree.Party, claim: Claim) -> tuple[str | None, str | None]:
    match role:
        case "subject":
            return claim.subject, claim.subject_id
        case "object":
            return claim.object, claim.object_id
        case "speaker":
            return claim.speaker, None


def _dated(compare: tree.Compare, asked: tuple[date, date], own: tuple[date, date]) -> bool:
    """See ``tree.Dated``."""
    match compare:
        case "<":
            return own[1] < asked[0]
        case "<=":
            return own[1] <= asked[1]
        case ">":
            return own[0] > asked[1]
        case ">=":
            return own[0] >= asked[0]
        case "=":
            return own[0] <= asked[1] and own[1] >= asked[0]
