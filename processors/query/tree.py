"""The query tree: what a query means, whatever engine or matcher answers it."""

from datetime import datetime
from typing import Literal

import msgspec

from processors.records import Bound, EntityType, Modality

Compare = Literal["<", "<=", ">", ">=", "="]
Where = Literal["", "title"]
"""The texts in which words are looked for: title and body, or the title alone."""
Party = Literal["subject", "object", "speaker"]


class All(msgspec.Struct, frozen=True, tag=True):
    """Everything: the empty query."""


class Words(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """Terms of the one analyser that follow one another; a single word is a phrase of one.

    ``text`` is what the user typed, for explanations.
    """

    terms: tuple[str, ...]
    text: str
    where: Where = ""


class Near(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """Terms of one text, any two of which stand there with at most ``gap`` others between them.

    For three and more that is not the same as one stretch of text that holds them all; it is what
    every engine can answer alike.
    """

    terms: tuple[str, ...]
    gap: int
    text: str
    where: Where = ""


class Prefix(msgspec.Struct, frozen=True, tag=True):
    """Some word, as it is written, begins with ``start`` (case and accents aside)."""

    start: str
    where: Where = ""


class EntityIs(msgspec.Struct, frozen=True, tag=True):
    """The article names the entity: the text is its canonical id, or its terms end the name.

    So ``altman`` is Sam Altman and ``r1`` is DeepSeek R1, and ``deepseek`` is the company alone.
    With ``types``, the entity is of one of them.
    """

    text: str
    types: tuple[EntityType, ...] = ()


class MoodIs(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """The mood towards an entity, named as in ``EntityIs``, is on this side of a score (-1 to 1).

    An article that shows no mood towards it never matches.
    """

    text: str
    compare: Compare
    score: float


class SourceIs(msgspec.Struct, frozen=True, tag=True):
    """The article comes from the source: the text is its id, or a phrase of its site name."""

    text: str


class AuthorIs(msgspec.Struct, frozen=True, tag=True):
    """One of the authors' names ends with the terms of the text."""

    text: str


class LanguageIs(msgspec.Struct, frozen=True, tag=True):
    """The article's language, a code such as ``en``; what follows a hyphen is left aside."""

    code: str


class SectionIs(msgspec.Struct, frozen=True, tag=True):
    """The name of the publisher's section has the terms of the text, and no others."""

    text: str


class StoryIs(msgspec.Struct, frozen=True, tag=True):
    """The article tells the story of this id: it is one of its near-copies."""

    id: str


class EventIs(msgspec.Struct, frozen=True, tag=True):
    """The story that the article tells is about the event of this id."""

    id: str


class Original(msgspec.Struct, frozen=True, tag=True):
    """The first of its near-copies to be published, or the only one."""


class Published(msgspec.Struct, frozen=True, tag=True):
    """Published (fetched, where no publish time is known) at or after / before an instant."""

    after: datetime | None = None
    before: datetime | None = None


class Amount(msgspec.Struct, frozen=True, tag=True):
    """A bound on a stated figure: US dollars, or a number of chips or people."""

    unit: Literal["usd", "count"]
    compare: Compare
    value: float


class Dated(msgspec.Struct, frozen=True, tag=True):
    """A bound on the date that a claim states; both are stretches of days, such as a month.

    ``=`` when they share a day, ``<`` when the claim's ends before this one begins, ``<=`` when it
    ends with it at the latest, ``>`` and ``>=`` the other way round.
    """

    compare: Compare
    date: str


class PartyIs(msgspec.Struct, frozen=True, tag=True):
    """Whom a claim is about or who says it, named as in ``EntityIs``."""

    role: Party
    text: str


class ModalityIs(msgspec.Struct, frozen=True, tag=True):
    modality: Modality


class BoundIs(msgspec.Struct, frozen=True, tag=True):
    bound: Bound


Condition = Amount | Dated | PartyIs | ModalityIs | BoundIs


class ClaimIs(msgspec.Struct, frozen=True, tag=True, cache_hash=True):
    """One claim meets all of these: its kind (any, when None), and every condition.

    A claim meets a bound when one of the figures that it states does (both ends of a range, the
    floor or ceiling of ``at least`` and ``up to``); in dollars, see ``processors.figures.dollars``.
    """

    kind: str | None = None
    conditions: tuple[Condition, ...] = ()


class And(msgspec.Struct, frozen=True, tag=True):
    parts: tuple["Node", ...]


class Or(msgspec.Struct, frozen=True, tag=True):
    parts: tuple["Node", ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    part: "Node"


Text = Words | Near | Prefix
"""What is looked for in texts, and so may be marked there."""
Leaf = (
    All
    | Text
    | EntityIs
    | MoodIs
    | SourceIs
    | AuthorIs
    | LanguageIs
    | SectionIs
    | StoryIs
    | EventIs
    | Original
    | Published
    | ClaimIs
)
Node = Leaf | And | Or | Not


def sought(node: Node) -> tuple[Text, ...]:
    """What a match may show in its texts: all but what is under a NOT."""
    match node:
        case Words() | Near() | Prefix():
            return (node,)
        case And(parts=parts) | Or(parts=parts):
            return tuple(text for part in parts for text in sought(part))
        case _:
            return ()
