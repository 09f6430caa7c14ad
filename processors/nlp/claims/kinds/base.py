"""How a kind of claim is declared."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from processors.nlp.quantities import Quantity
from processors.nlp.quantities.quantity import Sort
from processors.records import ClaimKind, EntityType, Modality

ORGANISATIONS: frozenset[EntityType] = frozenset(
    {"company", "lab", "fund", "agency", "country", "other"}
)
INVESTOR = (
    r"(?:led|backed|joined|headed|co-led|supported|provided|anchored) (?:\w+ )?by|investors (?:including|such as)"
    r"|from|talking to|talks with|(?:in|to) which"
)
BUSINESSES: frozenset[EntityType] = frozenset({"company", "lab", "fund"})


@dataclass(frozen=True)
class Trigger:
    """Words that make a figure near them a claim of the kind."""

    rule: str
    """Its name in ``Claim.rule``."""
    words: str
    """A pattern over the masked sentence (``masks.py``)."""
    weight: float = 1.0
    """From 0 to 1.6: how surely the words mean this kind when they touch the figure."""
    subject: str = ""
    """Where the subject stands, best first (``subjects.py``); empty: as the kind says."""
    object: str = ""
    """The claim's object when these words made it."""
    manner: Modality | None = None
    """The modality that the words imply where the sentence only asserts (a contract: planned)."""
    context: str = ""
    """A pattern that this sentence or one of the two before it must hold for the words to count."""
    last: bool = False
    """Of several figures in the words, only the last is meant."""
    reach: float = 20
    """Words (see ``Scene.distance``) over which the trigger is felt at all."""


@dataclass(frozen=True)
class Kind:
    """One kind of claim, or of figure that is none (``claim`` is None)."""

    name: ClaimKind | str
    sort: Sort | Literal["words"]
    """What carries it; ``words`` for a kind without a figure."""
    triggers: tuple[Trigger, ...]
    claim: bool = True
    subject: str = "agent owner of at by for"
    subject_types: frozenset[EntityType] = ORGANISATIONS
    """Types that may be the subject, best ones; others are taken only where none of these is."""
    spare_types: frozenset[EntityType] = frozenset({"person"})
    base: Callable[[Quantity], float] = lambda _: 0.0
    """What the figure's own words are worth, without a trigger."""
    fits: Callable[[Quantity], bool] = lambda _: True
    """Whether the figure is of a possible size and unit."""
    excludes: str = ""
    """A pattern that the sentence must not hold."""
    hypothetical: bool = False
    """Whether ``could`` and ``may`` about it are others' account (rumoured), not plans."""
    object: str = ""
    """Where the object stands, as ``subject``."""
    object_types: frozenset[EntityType] = field(default_factory=frozenset)
    shuns: str = ""
    """A pattern; a name right after it is not the subject (``led by X``)."""
    examples: tuple[str, ...] = ()


_VOWELS = "aeiou"


def inflected(stem: str) -> set[str]:
    """The forms of a regular verb; a few that it does not have stand among them."""
    if stem.endswith("e"):
        return {stem, f"{stem}s", f"{stem}d", f"{stem[:-1]}ing"}
    if stem.endswith("y") and stem[-2] not in _VOWELS:
        return {stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing"}
    if stem.endswith(("s", "sh", "ch", "x", "z")):
        return {stem, f"{stem}es", f"{stem}ed", f"{stem}ing"}
    double = stem + stem[-1]
    return {stem, f"{stem}s", f"{stem}ed", f"{stem}ing", f"{double}ed", f"{double}ing"}


def forms(verbs: str) -> str:
    """A pattern for all forms of some verbs; ``spend/spent`` adds what is irregular."""
    found: set[str] = set()
    for entry in verbs.split():
        stem, *others = entry.split("/")
        found |= inflected(stem) | set(others)
    return rf"(?<![\w-]){one_of(found)}(?![\w-])"


def one_of(found: Iterable[str]) -> str:
    """A pattern for any of some words, sharing their beginnings: quicker than one after another."""
    ends: dict[str, list[str]] = {}
    for word in found:
        ends.setdefault(word[:1], []).append(word[1:])
    rest = ends.pop("", None)
    parts = [
        re.escape(first) + (one_of(tails) if len(tails) > 1 else re.escape(tails[0]))
        for first, tails in sorted(ends.items())
    ]
    body = parts[0] if len(parts) == 1 and rest is None else f"(?:{'|'.join(parts)})"
    return body if rest is None else f"{body}?"


def words(*alternatives: str) -> str:
    """A pattern for whole words or phrases."""
    return rf"(?<![\w-])(?:{'|'.join(alternatives)})(?![\w-])"
