"""Definite phrases that can stand for an entity, and which entities they fit."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

import msgspec

from processors.nlp.gazetteer import Entry, fold
from processors.nlp.wordlists import words
from processors.records import EntityType

ORGANISATIONS: Final = frozenset({"company", "lab", "fund", "agency", "other"})
_BUSINESS: Final = frozenset({"company", "lab"})
_GENERAL: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("company", "business", "outfit"), _BUSINESS),
    "firm": _BUSINESS | {"fund"},
    **dict.fromkeys(("group", "organisation", "organization"), ORGANISATIONS - {"agency"}),
    **dict.fromkeys(("model", "flagship", "llm"), frozenset({"model"})),
    **dict.fromkeys(("chip", "processor", "accelerator", "gpu"), frozenset({"chip"})),
    **dict.fromkeys(("chatbot", "assistant", "app", "tool"), frozenset({"product"})),
    **dict.fromkeys(("fund", "investor"), frozenset({"fund"})),
    **dict.fromkeys(("regulator", "watchdog", "agency", "ministry"), frozenset({"agency"})),
    **dict.fromkeys(("commission", "department", "bureau", "authority"), frozenset({"agency"})),
    **dict.fromkeys(
        ("university", "newspaper", "union", "charity", "non-profit"), frozenset({"other"})
    ),
}
_SPECIFIC: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        ("startup", "start-up", "lab", "laboratory", "developer", "unicorn"), _BUSINESS
    ),
    **dict.fromkeys(
        ("chipmaker", "maker", "designer", "giant", "carmaker", "automaker", "toolmaker"), _BUSINESS
    ),
    **dict.fromkeys(("foundry", "retailer", "manufacturer", "provider", "neocloud"), _BUSINESS),
    **dict.fromkeys(("institute", "centre", "center"), ORGANISATIONS),
    **dict.fromkeys(("bank", "brokerage", "conglomerate", "publisher", "subsidiary"), _BUSINESS),
}
_PEOPLE = words("people")
_AMONG_OTHERS = words("among_others")
_OFFICES: Final = frozenset({"judge", "minister", "senator", "governor", "president", "secretary"})
_BROADEST: Final[tuple[EntityType, ...]] = (
    "company", "agency", "fund", "chip", "model", "other", "product"
)  # fmt: skip
_VAGUE = 0.7
"""For a phrase that says more than what is known of an entity."""
_LINKED: Final[dict[str, str]] = {
    **dict.fromkeys(("maker", "developer", "owner", "creator", "parent"), "maker"),
    **dict.fromkeys(("boss", "chief", "founder", "executive", "ceo", "chairman", "head"), "leader"),
}


class Epithet(msgspec.Struct, frozen=True):
    """A definite phrase: its head noun and what stands before the noun."""

    head: str
    modifiers: tuple[str, ...]

    @property
    def phrase(self) -> str:
        words = fold(" ".join((*self.modifiers, self.head)))
        return words.replace("start up", "startup")


def read_epithet(noun: str, modifiers: Sequence[str]) -> Epithet | None:
    """The phrase that ends in a noun we understand; None for others and for one among several.

    ``modifiers`` are the words between article and noun as the text has them.
    """
    if noun not in known_nouns():
        return None
    small = [word.lower() for word in modifiers]
    if any(word in _AMONG_OTHERS or (word.endswith("est") and len(word) > 5) for word in small):
        return None
    if small and small[-1] == "parent":
        return Epithet("parent", tuple(modifiers[:-1]))
    return Epithet(noun, tuple(modifiers))


@cache
def known_nouns() -> frozenset[str]:
    """All head nouns that this module understands."""
    return frozenset({*_GENERAL, *_SPECIFIC, *_PEOPLE, *_LINKED})


def fits(
    epithet: Epithet, kind: EntityType, entry: Entry | None, nations: Mapping[str, str]
) -> float:
    """How well the phrase describes an entity: 0 not at all, 1 it may, 2 it is known by it."""
    if epithet.head in _PEOPLE and kind == "person":
        known = entry is not None and epithet.head in entry.is_
        return 2.0 if known else 0.0 if epithet.head in _OFFICES else 1.0
    wanted = _GENERAL.get(epithet.head) or _SPECIFIC.get(epithet.head)
    if wanted is None or kind not in wanted:
        return 0.0
    home = next((nations[word] for word in epithet.modifiers if word in nations), None)
    if home and entry and entry.country not in (None, home):
        return 0.0
    bonus = 1.0 if home and entry and entry.country == home else 0.0
    if entry and entry.is_ and epithet.phrase.endswith(_folded(entry.is_)):
        return 2.0 + bonus
    if epithet.head in _GENERAL or (entry and _is_one(epithet, entry, nations)):
        described = any(word not in nations for word in epithet.modifiers)
        return (_VAGUE if described else 1.0) + bonus
    return 0.5 if entry is None else 0.0


def _is_one(epithet: Epithet, entry: Entry, nations: Mapping[str, str]) -> bool:
    """Whether a bare noun ends what an entity is: ``designer``, ``chip designer``."""
    plain = all(word in nations for word in epithet.modifiers)
    return plain and any(noun.endswith(" " + epithet.head) for noun in _folded(entry.is_))


@lru_cache(maxsize=1 << 12)
def _folded(nouns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, nouns))


def type_of(epithet: Epithet) -> EntityType | None:
    """The type of someone or something unnamed that a phrase brings in."""
    if epithet.head in _PEOPLE:
        return "person"
    wanted = _GENERAL.get(epithet.head) or _SPECIFIC.get(epithet.head)
    return next((kind for kind in _BROADEST if wanted and kind in wanted), None)


def apposable(epithet: Epithet, kind: EntityType) -> bool:
    """Whether a name of this type can follow the phrase: ``its owner, SoftBank``."""
    relation = link_of(epithet.head)
    return kind == "person" if relation == "leader" else kind in ORGANISATIONS


def link_of(head: str) -> str | None:
    """Whether a noun names a relation to a named thing: ``maker`` or ``leader``."""
    return _LINKED.get(head)
