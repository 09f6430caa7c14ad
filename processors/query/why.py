"""Why an article meets a query, as a receipt that can be checked again from the article alone.

The reasons of a receipt prove the match: each is a clause with what makes it true, and the query
follows from these clauses. So a receipt with less than that, or with one letter altered, does not
hold; one without a reason that is not needed still does.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice

from processors.ids import content_hash
from processors.query.errors import QueryError
from processors.query.evidence import Reading, evidence, field_of, told
from processors.query.lexer import MAX_CHARACTERS
from processors.query.match import matches
from processors.query.printed import one_word
from processors.query.syntax import parse_query
from processors.query.tree import And, ClaimIs, Node, Not, Or
from processors.records import Alert, Article, Reason

__all__ = ["CLAIMS", "Reading", "again", "holds", "reasons"]

CLAIMS = 10
"""Claims that are shown for one clause."""


def reasons(node: Node, article: Article, reading: Reading | None = None) -> tuple[Reason, ...]:
    """What makes a query true of an article, in the order of the query; empty where it is not.

    One reason a clause: of an AND all, of an OR all that are true, of a NOT one that says what is
    absent; of a clause about claims one for each claim that meets it, ``CLAIMS`` at most. Words
    are shown in the body where they stand there, else in the title.

    Where many queries are asked about one article, make ``Reading(article)`` once and give it to
    each call: its texts are then cut once.

    Raises:
        ValueError: the tree has a clause that no text of the query language means.
    """
    return tuple(dict.fromkeys(_why(node, reading or Reading(article)) or ()))


def again(
    given: Iterable[Reason], article: Article, reading: Reading | None = None
) -> tuple[Reason, ...]:
    """What an edited article gives for the clauses of what was told of it; fewer, or none."""
    reading = reading or Reading(article)
    nodes = (_parsed(clause) for clause in dict.fromkeys(reason.clause for reason in given))
    found = (_why(node, reading) for node in nodes if node is not None)
    return tuple(dict.fromkeys(reason for why in found for reason in why or ()))


def holds(alert: Alert, article: Article) -> bool:
    """Whether a receipt is right: asked of the article as it was when the alert was decided.

    True when the article is the one of the alert and its text is what its hash says, the alert's
    query matches it (relative dates count from ``alert.at``), each reason is one that the article
    gives for a clause of the query, the query follows from these clauses, and the article makes
    the alert's claims. A correction tells of an article that need not match any more: its reasons
    are those clauses that are still true, if any. Never raises.
    """
    node = _parsed(alert.query, alert.at)
    if node is None or not _is_of(alert, article):
        return False
    clauses = {reason.clause for reason in alert.reasons}
    if alert.kind == "match" and not (matches(node, article) and _proved(node, clauses)):
        return False
    reading = Reading(article)
    return clauses.issubset(_clauses(node)) and all(
        _gives(reading, reason) for reason in alert.reasons
    )


def _is_of(alert: Alert, article: Article) -> bool:
    """Whether the receipt is of this text, the text nobody's but the article's, so the claims."""
    text_hash = content_hash(article.title, article.body)
    own = (article.id, article.url, article.title, text_hash, text_hash)
    of = (alert.article_id, alert.url, alert.title, alert.content_hash, article.content_hash)
    return own == of and all(claim in article.claims for claim in alert.claims)


def _parsed(query: str, now: datetime | None = None) -> Node | None:
    try:
        return parse_query(query, now)
    except QueryError:
        return None


def _gives(reading: Reading, reason: Reason) -> bool:
    """Whether an article gives this very reason."""
    match _parsed(reason.clause):
        case None | And():
            return False
        case Not() as node:
            return reason in (_why(node, reading) or ())
        case node:
            return reason in evidence(node, reading, reason.span)


def _why(node: Node, reading: Reading) -> list[Reason] | None:
    """The reasons for a node; None where it is not true."""
    match node:
        case And(parts=parts):
            found = []
            for part in parts:
                why = _why(part, reading)
                if why is None:
                    return None
                found += why
            return found
        case Or(parts=parts) if not one_word(node):
            each = [why for part in parts if (why := _why(part, reading)) is not None]
            return [reason for why in each for reason in why] if each else None
        case Not(part=part):
            return _why_not(node, part, reading)
        case leaf:
            most = CLAIMS if isinstance(leaf, ClaimIs) else 1
            return [*islice(evidence(leaf, reading), most)] or None


def _why_not(node: Not, part: Node, reading: Reading) -> list[Reason] | None:
    if _is_opened(node):
        return _why(_opened(part), reading)
    clause, says = told(node)
    absent = _why(part, reading) is None
    return [Reason(clause=clause, says=says, field=field_of(part))] if absent else None


def _is_opened(node: Not) -> bool:
    """Whether what is absent is told part by part: as one clause it is no query, or two NOTs."""
    if isinstance(node.part, Not):
        return True
    return isinstance(node.part, And | Or) and len(told(node)[0]) > MAX_CHARACTERS


def _opened(part: Node) -> Node:
    """The contrary of a node, as it follows from the contraries of its parts."""
    match part:
        case Not(part=inner):
            return inner
        case And(parts=parts):
            return Or(tuple(map(Not, parts)))
        case Or(parts=parts):
            return And(tuple(map(Not, parts)))
        case leaf:
            return Not(leaf)


def _proved(node: Node, clauses: Collection[str]) -> bool:
    """Whether a node follows from clauses that are true."""
    match node:
        case And(parts=parts):
            return all(_proved(part, clauses) for part in parts)
        case Or(parts=parts) if not one_word(node):
            return any(_proved(part, clauses) for part in parts)
        case Not(part=part) if _is_opened(node):
            return _proved(_opened(part), clauses)
        case clause:
            return told(clause)[0] in clauses


def _clauses(node: Node) -> Iterator[str]:
    """All that may be a reason's clause, true or not."""
    match node:
        case And(parts=parts):
            yield from chain.from_iterable(map(_clauses, parts))
        case Or(parts=parts) if not one_word(node):
            yield from chain.from_iterable(map(_clauses, parts))
        case Not(part=part) if _is_opened(node):
            yield from _clauses(_opened(part))
        case clause:
            yield told(clause)[0]
