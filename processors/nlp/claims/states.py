"""The state whose control a sentence tells of."""

import re

from processors.nlp.claims.grammar import relation
from processors.nlp.claims.nations import ADJECTIVES, SEATS, american
from processors.nlp.claims.scene import Name, Scene

_DESTINATION = frozenset({"to", "in", "into", "for", "against", "from"})
_ACTS = frozenset({"agent", "by", "owner"})
_GOODS = r"\s(?:\w+\s)?(?:AI\s)?(?:chips|processors|GPUs|technology|companies|firms|groups)"
_AN_OFFICE = re.compile(r"\b(?:ministry|government)\b")


def acting_state(scene: Scene) -> Name | str | None:
    """The state that acts: a country that is no destination, an office, or an adjective."""
    countries = [n for n in scene.names if n.type == "country"]
    roles = {n: (relation(scene, n) or ("", None))[0] for n in countries}
    acting = [n for n in countries if roles[n] in _ACTS]
    present = [n for n in countries if roles[n] not in _DESTINATION]
    spare = present or (countries if _AN_OFFICE.search(scene.text) else [])
    first: list[Name | str] = [*acting, *_by_word(scene.text), *spare]
    return first[0] if first else None


def _by_word(text: str) -> list[str]:
    """The states whose offices, seats or adjectives a text holds, the surest first."""
    adjectives = {word: state for word, state in ADJECTIVES.items() if word != "Chinese"}
    words = {**SEATS, **adjectives}
    found = [
        (_pressed(word, text), state) for word, state in words.items() if _stands_in(word, text)
    ]
    here = [state for _, state in sorted(found, key=lambda one: one[0])]
    first = american(text) and not (here and _pressed("Washington", text))
    return ["United States", *here] if first else here


def _pressed(word: str, text: str) -> bool:
    """Whether a seat only presses others (``under pressure from Washington``)."""
    return re.search(rf"\b(?:from|with|against) {re.escape(word)}(?!\w)", text) is not None


def _stands_in(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?![\w-])(?!{_GOODS})", text) is not None
