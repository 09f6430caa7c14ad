"""A typed query as text: its top-level clauses, and queries with one more or one less."""

import re
from itertools import pairwise

from processors.query.errors import QueryError
from processors.query.fields import FIELDS
from processors.query.lexer import QUOTES, Token, tokens

_BARE = re.compile(r"[\w.-]+")
_SPLIT = re.compile(rf"[\s{QUOTES}]+")
FILTER = re.compile(
    rf"(?:NOT\s+|-)*(?:(?:{'|'.join(FIELDS)}):.|(?:usd|count|date)[<>=≤≥])",
    re.DOTALL | re.IGNORECASE,
)


def clauses(query: str) -> tuple[str, ...] | None:
    """The parts that must all hold, as typed; None when the query is an OR or is not sound."""
    try:
        found = tokens(query)
    except QueryError:
        return None
    parts: list[str] = []
    start, depth = -1, 0
    for token, following in pairwise(found):
        if depth == 0 and token.kind == "OR":
            return None
        if depth == 0 and token.kind == "AND":
            continue
        start = token.position if start < 0 else start
        depth += (token.kind == "(") - (token.kind == ")")
        if depth < 0:
            return None
        if depth == 0 and token.kind != "NOT" and not _opens_claim(token, following):
            parts.append(query[start : following.position].strip())
            start = -1
    return None if start >= 0 else tuple(parts)


def _opens_claim(token: Token, following: Token) -> bool:
    """Whether the conditions of ``claim:KIND(...)`` follow."""
    return token.field == "claim" and following.kind == "(" and following.position == token.end


def with_clause(query: str, clause: str) -> str:
    """The query narrowed by a clause; the same query when it has that clause already."""
    if not query.strip():
        return clause
    parts = clauses(query)
    if parts is None:
        return f"({query.strip()}) {clause}"
    return query if clause in parts else " ".join((*parts, clause))


def without_clause(query: str, clause: str) -> str:
    """The query without each top-level clause of this text."""
    parts = clauses(query)
    if parts is None:
        return query
    return " ".join(part for part in parts if part != clause)


def filter_clause(field: str, value: str) -> str:
    """``field:value``, quoted where the value is more than one plain word."""
    if _BARE.fullmatch(value):
        return f"{field}:{value}"
    return f'{field}:"{" ".join(_SPLIT.split(value)).strip()}"'
