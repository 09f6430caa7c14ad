"""The query language: text to tree.

Words must all occur; ``"a phrase"``, ``"near words"~5``, ``beginn*``; ``OR``, ``NOT`` (also ``-``
in front), parentheses; the filters of ``processors.query.fields``. The operators are in capitals,
and ``AND`` may be left out. ``OR`` binds least. An empty query means everything.

``claim:KIND(...)`` asks for one claim that meets all conditions in the parentheses. The same
conditions outside of parentheses (``usd:>10M``) that stand beside a ``claim:`` speak of that claim,
too; a second ``claim:`` starts another claim, and each condition belongs to the ``claim:`` before
it (or to the first one, when it comes before all).
"""

from datetime import datetime

from processors.query.errors import QueryError
from processors.query.fields import condition_of, filter_node
from processors.query.lexer import Token, tokens
from processors.query.texts import text_node
from processors.query.tree import All, And, ClaimIs, Condition, Node, Not, Or

__all__ = ["MAX_DEPTH", "QueryError", "parse_query"]

MAX_DEPTH = 32


def parse_query(text: str, now: datetime | None = None) -> Node:
    """The tree of a query. ``now`` is what ``after:7d`` counts back from.

    Raises QueryError, and nothing else, whatever the text: with the place in ``text``, and
    a hint where there is one.
    """
    text = text.encode("utf-8", "replace").decode()
    try:
        if not text.strip():
            return All()
        found = tokens(text)
        if len(found) == 1:
            raise QueryError("there is no word to look for", len(text) - len(text.lstrip()))
        return _Parser(found, now).query()
    except QueryError as error:
        error.text = text
        raise


class _Parser:
    """Recursive descent; ``depth`` counts parentheses and NOTs, so the stack stays small."""

    def __init__(self, found: list[Token], now: datetime | None) -> None:
        self._tokens = found
        self._at = 0
        self._now = now

    def query(self) -> Node:
        node = self._either(0)
        if self._token.kind == ")":
            raise QueryError("no parenthesis is open here", self._token.position)
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def _either(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._token.kind == "OR":
            self._take()
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self, depth: int) -> Node:
        parts = [self._one(depth)]
        while self._token.kind not in ("OR", ")", "end"):
            if self._token.kind == "AND":
                self._take()
            parts.append(self._one(depth))
        nodes = _bind_claims(parts)
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _one(self, depth: int) -> tuple[Node, bool]:
        """A clause, and whether it is a filter that stands by itself, outside parentheses."""
        if depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} levels deep", self._token.position)
        token = self._take()
        match token.kind:
            case "NOT":
                return Not(self._one(depth + 1)[0]), False
            case "(":
                return self._inside(token, depth), False
            case "words" | "phrase" | "prefix":
                return text_node(token), False
            case "field":
                return self._filter(token), True
        self._at -= 1
        raise self._missing(token)

    def _filter(self, token: Token) -> Node:
        """A filter; a claim with the conditions in the parentheses right behind it."""
        node = filter_node(token, self._now)
        opening = self._token
        if not (isinstance(node, ClaimIs) and token.field == "claim"):
            return node
        if opening.kind != "(" or opening.position != token.end:
            return node
        self._take()
        conditions: list[Condition] = []
        while (inside := self._take()).kind != ")":
            if inside.kind == "end":
                raise QueryError("this parenthesis is not closed", opening.position, "add a )")
            if inside.kind in ("OR", "NOT", "("):
                raise QueryError(
                    "the conditions on a claim must all hold",
                    inside.position,
                    f"for a choice write it twice: {token.field}:{token.text}(...) OR "
                    f"{token.field}:{token.text}(...)",
                )
            if inside.kind != "AND":
                conditions += condition_of(inside)
        return ClaimIs(node.kind, tuple(conditions))

    def _inside(self, opening: Token, depth: int) -> Node:
        if self._token.kind == ")":
            raise QueryError("there is nothing in these parentheses", opening.position)
        if self._token.kind == "end":
            raise QueryError("this parenthesis is not closed", opening.position, "add a )")
        node = self._either(depth + 1)
        if self._take().kind != ")":
            raise QueryError("this parenthesis is not closed", opening.position, "add a )")
        return node

    def _missing(self, token: Token) -> QueryError:
        """The error where a clause should stand and ``token`` stands instead."""
        before = self._tokens[self._at - 1] if self._at else None
        if before is not None and before.kind in ("AND", "OR", "NOT"):
            side, operator = "right", before
        elif token.kind == ")":
            return QueryError("no parenthesis is open here", token.position)
        else:
            side, operator = "left", token
        return QueryError(
            f"{operator.text} needs something on its {side}",
            operator.position,
            f'to look for the word itself, put it in quotes: "{operator.text}"',
        )


def _bind_claims(parts: list[tuple[Node, bool]]) -> list[Node]:
    """The clauses with neighbouring claim filters made one, each where its first part stood."""
    nodes: list[Node] = []
    last: int | None = None
    for node, direct in parts:
        open_claim = nodes[last] if last is not None else None
        if not direct or not isinstance(node, ClaimIs):
            nodes.append(node)
        elif isinstance(open_claim, ClaimIs) and last is not None and joins(open_claim, node):
            nodes[last] = _joined(open_claim, node)
        else:
            last = len(nodes)
            nodes.append(node)
    return nodes


def _joined(claim: ClaimIs, more: ClaimIs) -> ClaimIs:
    return ClaimIs(claim.kind or more.kind, claim.conditions + more.conditions)


def joins(claim: ClaimIs, more: ClaimIs) -> bool:
    """Whether a filter speaks of the claim that stands in front of it."""
    return more.kind is None or claim.kind in (None, more.kind)
