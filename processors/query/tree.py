"""The query tree: what a query means, whatever engine or matcher answers it."""

from datetime import datetime
from typing import Literal

import msgspec

Compare = Literal["<", "<=", ">", ">=", "="]


class All(msgspec.Struct, frozen=True, tag=True):
    """Everything: the empty query."""


class Words(msgspec.Struct, frozen=True, tag=True):
    """Terms of the one analyser that follow one another; a single word is a phrase of one.

    ``text`` is what the user typed, for explanations.
    """

    terms: tuple[str, ...]
    text: str


class EntityIs(msgspec.Struct, frozen=True, tag=True):
    """The article names the entity: the text is its canonical id, or its terms end the name.

    So ``altman`` is Sam Altman and ``r1`` is DeepSeek R1, and ``deepseek`` is the company alone.
    """

    text: str


class SourceIs(msgspec.Struct, frozen=True, tag=True):
    """The article comes from the source: the text is its id, or a phrase of its site name."""

    text: str


class Published(msgspec.Struct, frozen=True, tag=True):
    """Published (fetched, where no publish time is known) at or after / before an instant."""

    after: datetime | None = None
    before: datetime | None = None


class Usd(msgspec.Struct, frozen=True):
    """A bound on a stated figure in US dollars."""

    compare: Compare
    amount: float


class ClaimIs(msgspec.Struct, frozen=True, tag=True):
    """One claim meets all of these: its kind (any, when None), and its figure as stated.

    A claim meets a bound when one of the figures that it states does (both ends of a range, the
    floor or ceiling of ``at least`` and ``up to``); in dollars, see ``processors.figures.dollars``.
    """

    kind: str | None = None
    usd: tuple[Usd, ...] = ()


class And(msgspec.Struct, frozen=True, tag=True):
    parts: tuple["Node", ...]


class Or(msgspec.Struct, frozen=True, tag=True):
    parts: tuple["Node", ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    part: "Node"


Node = All | Words | EntityIs | SourceIs | Published | ClaimIs | And | Or | Not


def sought(node: Node) -> tuple[Words, ...]:
    """The words and phrases that a match may show: all but those that are under a NOT."""
    match node:
        case Words():
            return (node,)
        case And(parts=parts) | Or(parts=parts):
            return tuple(words for part in parts for words in sought(part))
        case _:
            return ()
