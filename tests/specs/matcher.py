"""A query tree against one article, in the plainest code: what every index must agree with."""

from collections.abc import Sequence
from operator import eq, ge, gt, le, lt

from processors.figures import dollars
from processors.query.terms import terms
from processors.query.tree import (
    All,
    And,
    ClaimIs,
    EntityIs,
    Node,
    Not,
    Or,
    Published,
    SourceIs,
    Words,
)
from processors.records import Article, Claim

COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


def matches(node: Node, article: Article, own: Claim | None = None) -> bool:
    """Whether an article matches; with ``own``, whether that claim of it does."""
    match node:
        case All():
            return True
        case Words(terms=wanted):
            body = article.body
            if own is not None:
                body = body[own.sentence.start : own.sentence.end]
            return holds(terms(article.title), wanted) or holds(terms(body), wanted)
        case EntityIs(text=text):
            return any(
                entity.id in (text, text.lower())
                or terms(entity.name)[-len(terms(text)) :] == terms(text)
                for entity in article.entities
            )
        case SourceIs(text=text):
            by_id = article.source in (text, text.lower())
            return by_id or holds(terms(article.site_name), terms(text))
        case Published(after=after, before=before):
            when = article.published or article.fetched_at
            return (after is None or when >= after) and (before is None or when < before)
        case ClaimIs():
            return any(meets(node, one) for one in ([own] if own else article.claims))
        case And(parts=parts):
            return all(matches(part, article, own) for part in parts)
        case Or(parts=parts):
            return any(matches(part, article, own) for part in parts)
        case Not(part=part):
            return not matches(part, article, own)


def holds(text: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(tuple(text[at : at + size]) == tuple(wanted) for at in range(len(text) - size + 1))


def meets(node: ClaimIs, claim: Claim) -> bool:
    return node.kind in (None, claim.kind) and all(
        any(COMPARE[bound.compare](value, bound.amount) for value in dollars(claim))
        for bound in node.usd
    )
