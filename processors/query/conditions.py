"""What a name, a figure, a date or a claim must be to meet a query: of one thing, exactly."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from operator import eq, ge, gt, le, lt

from processors.figures import dollars
from processors.query import tree
from processors.query.terms import terms
from processors.query.values import days
from processors.records import Article, Claim, Entity, Mood

COMPARE: dict[tree.Compare, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": eq,
}
_days = lru_cache(maxsize=4_096)(days)
_name = lru_cache(maxsize=16_384)(terms)
"""Names are few, and each is asked for by many queries."""


def called(text: str, name: str | None, id: str | None = None) -> bool:
    """Whether somebody's id is the text, or the name ends with its terms."""
    if id is not None and id in (text, text.lower()):
        return True
    wanted = _name(text)
    return bool(name and wanted) and _name(name or "")[-len(wanted) :] == wanted


def is_entity(node: tree.EntityIs, entity: Entity) -> bool:
    of_type = not node.types or entity.type in node.types
    return of_type and called(node.text, entity.name, entity.id)


def is_mood(node: tree.MoodIs, mood: Mood, name: str | None) -> bool:
    """``name``: of the entity that it is about, where the article names it."""
    score = round(mood.score, 2)
    return COMPARE[node.compare](score, node.score) and called(node.text, name, mood.entity)


def is_source(node: tree.SourceIs, article: Article) -> bool:
    if article.source in (node.text, node.text.lower()):
        return True
    return f" {' '.join(_name(node.text))} " in f" {' '.join(_name(article.site_name))} "


def is_published(node: tree.Published, article: Article) -> bool:
    when = article.published or article.fetched_at
    return (node.after is None or when >= node.after) and (
        node.before is None or when < node.before
    )


def is_claim(node: tree.ClaimIs, claim: Claim) -> bool:
    """Its kind and every condition."""
    return node.kind in (None, claim.kind) and all(_meets(one, claim) for one in node.conditions)


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
            return called(text, *_party(role, claim))
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
