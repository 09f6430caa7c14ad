"""A typed query as text: its top-level clauses, and queries with one more or one less."""

import re
from itertools import pairwise
from typing import Self

import msgspec

from processors.query.errors import QueryError
from processors.query.fields import FIELDS
from processors.query.lexer import QUOTES, Token, tokens

_BARE = re.compile(r"[\w.-]+")
_SPLIT = re.compile(rf"[\s{QUOTES}]+")
FILTER = re.compile(
    rf"(?:NOT\s+|-)*(?:(?:{'|'.join(FIELDS)}):.|(?:usd|count|date)[<>=≤≥])",
    re.DOTALL | re.IGNORECASE,
)


_RULED_OUT = re.compile(r"NOT\s+|-")


class Typed(msgspec.Struct, frozen=True):
    """A query cut once into its clauses, for the many links that add one or take one away."""

    query: str
    parts: tuple[str, ...] | None

    @classmethod
    def of(cls, query: str) -> Self:
        return cls(query, clauses(query))

    def has(self, clause: str) -> bool:
        return clause in (self.parts or ())

    def narrowed(self, clause: str) -> str:
        """The query narrowed by a clause; the same query when it has that clause already."""
        if not self.query.strip():
            return clause
        if self.parts is None:
            return f"({self.query.strip()}) {clause}"
        return self.query if clause in self.parts else " ".join((*self.parts, clause))

    def without(self, *unwanted: str) -> str:
        """The query without each top-level clause of these texts."""
        if self.parts is None:
            return self.query
        return " ".join(part for part in self.parts if part not in unwanted)

    def excluding(self, clause: str) -> str:
        """The query that rules out what a clause asks for."""
        ruled_out = f"-{clause}"
        if self.parts is None:
            return self.narrowed(ruled_out)
        kept = (part for part in self.parts if part not in (clause, ruled_out))
        return " ".join((*kept, ruled_out))


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
    """``Typed.narrowed`` of a query."""
    return Typed.of(query).narrowed(clause)


def rules_out(clause: str) -> bool:
    """Whether a clause says what must not be there."""
    return _RULED_OUT.match(clause) is not None


def filter_clause(field: str, value: str) -> str:
    """``field:value``, quoted where the value is more than one plain word."""
    if _BARE.fullmatch(value):
        return f"{field}:{value}"
    return f'{field}:"{" ".join(_SPLIT.split(value)).strip()}"'
