"""The lexicon of feeling: lemmas and pairs of lemmas with weights, read once from its data file."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

LIMIT = 3.0
"""The largest weight, either way."""


class Lexicon(msgspec.Struct, frozen=True):
    """Weights from -3 to 3; the sets hold lemmas in lower case."""

    words: dict[str, float]
    pairs: dict[tuple[str, str], float]
    contest: frozenset[str]
    towards_object: frozenset[str]
    negators: frozenset[str]
    stronger: frozenset[str]
    weaker: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon that ships with Beatwire."""
    text = (files("processors.nlp") / "data" / "mood.toml").read_text("utf-8")
    return parse_lexicon(text)


def parse_lexicon(text: str) -> Lexicon:
    """Read a lexicon.

    Raises ValueError when a word stands under two weights, a pair is not two words, or a weight
    is out of range.
    """
    data = tomllib.loads(text)
    words: dict[str, float] = {}
    for weight, listed in data["words"].items():
        for word in listed.split():
            if words.setdefault(word, _weight(weight)) != _weight(weight):
                raise ValueError(f"{word!r} has two weights")
    pairs = {_pair(pair): _weight(w) for w, listed in data["pairs"].items() for pair in listed}
    return Lexicon(
        words=words,
        pairs=pairs,
        contest=frozenset(data["contest"]["verbs"].split()),
        towards_object=frozenset(data["towards_object"]["verbs"].split()),
        negators=frozenset(data["negators"]["words"].split()),
        stronger=frozenset(data["stronger"]["words"].split()),
        weaker=frozenset(data["weaker"]["words"].split()),
    )


def _weight(text: str) -> float:
    weight = float(text)
    if abs(weight) > LIMIT:
        raise ValueError(f"weight {text} is not between -{LIMIT:g} and {LIMIT:g}")
    return weight


def _pair(text: str) -> tuple[str, str]:
    first, _, second = text.partition(" ")
    if not second or " " in second:
        raise ValueError(f"{text!r} is not a pair of words")
    return first, second
