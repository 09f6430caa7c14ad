"""A query tree in words, for the line that says how a query was understood."""

from datetime import datetime

from processors.figures import amount, kind_words
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
    Usd,
    Words,
)

_COMPARE = {"<": "under", "<=": "at most", ">": "over", ">=": "at least", "=": "exactly"}


def explain(node: Node) -> str:  # noqa: PLR0911 - one return a kind of node
    """``“lower cost” and a claim of training cost under $10M``."""
    match node:
        case All():
            return "everything"
        case Words(text=text):
            return f"“{text}”"
        case EntityIs(text=text):
            return f"names {text}"
        case SourceIs(text=text):
            return f"comes from {text}"
        case Published():
            return _published(node)
        case ClaimIs():
            return _claim(node)
        case And(parts=parts):
            return " and ".join(_bracketed(part, isinstance(part, Or)) for part in parts)
        case Or(parts=parts):
            return " or ".join(_bracketed(part, isinstance(part, And)) for part in parts)
        case Not(part=part):
            return f"not {_bracketed(part, isinstance(part, And | Or))}"


def _bracketed(node: Node, brackets: bool) -> str:
    return f"({explain(node)})" if brackets else explain(node)


def _published(node: Published) -> str:
    parts = []
    if node.after is not None:
        parts.append(f"published from {_moment(node.after)}")
    if node.before is not None:
        parts.append(f"published before {_moment(node.before)}")
    return " and ".join(parts) or "everything"


def _moment(when: datetime) -> str:
    whole_day = (when.hour, when.minute, when.second, when.microsecond) == (0, 0, 0, 0)
    return when.strftime("%Y-%m-%d" if whole_day else "%Y-%m-%d %H:%M UTC")


def _claim(node: ClaimIs) -> str:
    kind = f"a claim of {kind_words(node.kind)}" if node.kind else "a claim"
    return " ".join([kind, " and ".join(_bound(bound) for bound in node.usd)]).strip()


def _bound(bound: Usd) -> str:
    return f"{_COMPARE[bound.compare]} {amount(bound.amount, 'USD')}"
