"""The clause of a query that speaks of claims, ``claim:KIND(conditions)``, as something to edit."""

from typing import Self

import msgspec

from processors.query.errors import QueryError
from processors.query.fields import ANY, CONDITIONS, KINDS
from processors.query.lexer import tokens
from services.web.clauses import Typed


class ClaimClause(msgspec.Struct, frozen=True):
    """A kind (or ``any``) and the conditions as typed, such as ``subject:deepseek``."""

    kind: str = ANY
    conditions: tuple[str, ...] = ()

    @classmethod
    def of(cls, clause: str) -> Self | None:
        """What a clause says; None where it is no plain ``claim:``."""
        try:
            first, *rest = tokens(clause)[:-1]
        except (QueryError, ValueError):
            return None
        kind = first.text.strip().lower().replace("-", "_").replace(" ", "_")
        if first.field != "claim" or kind not in (*KINDS, ANY):
            return None
        if rest and (rest[0].kind, rest[-1].kind) != ("(", ")"):
            return None
        inside = [token for token in rest[1:-1] if token.kind != "AND"]
        if any(token.field not in CONDITIONS for token in inside):
            return None
        return cls(kind, tuple(clause[token.position : token.end] for token in inside))

    @property
    def text(self) -> str:
        """As it is typed; empty for any claim at all."""
        if not self.conditions:
            return "" if self.kind == ANY else f"claim:{self.kind}"
        return f"claim:{self.kind}({' '.join(self.conditions)})"

    def has(self, condition: str) -> bool:
        return condition.lower() in (one.lower() for one in self.conditions)

    def toggled(self, condition: str) -> "ClaimClause":
        """With the condition in place of another on the same field; without it, where it holds."""
        field = condition.partition(":")[0]
        others = (one for one in self.conditions if one.partition(":")[0].lower() != field)
        if self.has(condition):
            return ClaimClause(self.kind, tuple(others))
        return ClaimClause(self.kind, (*others, condition))

    def of_kind(self, kind: str) -> "ClaimClause":
        """Of this kind; of any, where it is of this kind."""
        return ClaimClause(ANY if kind == self.kind else kind, self.conditions)


class ClaimQuery(msgspec.Struct, frozen=True):
    """A query, cut, with the first of its clauses that asks for a claim (an empty one, if none)."""

    typed: Typed
    clause: ClaimClause
    at: int | None

    @classmethod
    def of(cls, query: str) -> Self:
        typed = Typed.of(query)
        for at, part in enumerate(typed.parts or ()):
            if (found := ClaimClause.of(part)) is not None:
                return cls(typed, found, at)
        return cls(typed, ClaimClause(), None)

    def replaced(self, clause: ClaimClause) -> str:
        """The query with this clause in the place of its own."""
        if self.at is None:
            return self.typed.narrowed(clause.text) if clause.text else self.typed.query
        parts = list(self.typed.parts or ())
        parts[self.at] = clause.text
        return " ".join(filter(None, parts))
