"""Where known names and forms stand in a text, before any context is weighed."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from processors.nlp import shapes
from processors.nlp.gazetteer import Entry, fold
from processors.nlp.runs import Runs, first_run
from processors.records import EntityType

Strength = Literal["strong", "weak", "short"]
_FORM_START = r"(?<![A-Za-z0-9.$€£])"
_FORM_END = r"(?=s?(?![A-Za-z0-9]))"
_PLURAL = frozenset({"chip", "product", "model"})
"""Types of things that come in numbers; the plural's s belongs to the name (``H100s``)."""
_SHOUTED = frozenset({"company", "lab", "fund", "model"})
"""Types whose weak names may also be written in capitals, where the text backs them."""


class Hit(msgspec.Struct, frozen=True):
    """A name found; ``entry`` is what the gazetteer knows about it or about its family."""

    start: int
    end: int
    entity_id: str
    type: EntityType
    strength: Strength
    entry: Entry
    how: Literal["gazetteer", "shape"]


class _Name(NamedTuple):
    """A name to look for; without ``strength`` it counts only with a version."""

    text: str
    spellings: tuple[str, ...]
    """How it may be written; none where capitals do not matter."""
    runs: frozenset[str]
    unless: tuple[str, ...]
    """Beginnings that mean something else."""
    entry: Entry
    strength: Strength | None


class Lookup:
    """All names of a gazetteer, indexed by their first run of letters or digits."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._names: dict[str, list[_Name]] = {}
        forms = []
        for entry in entries:
            for name in _names(entry):
                self._names.setdefault(first_run(name.text), []).append(name)
            if entry.form:
                forms.append((entry, f"(?:{entry.form}){_FORM_END}"))
        self._forms = [(re.compile(form), entry) for entry, form in forms]
        self._any_form = re.compile(rf"{_FORM_START}(?:{'|'.join(form for _, form in forms)})")

    def knows(self, name: str) -> bool:
        """Whether the folded ``name`` is one of ours, in whatever context."""
        known = self._names.get(first_run(name), ())
        return any(name == ours.text and ours.strength is not None for ours in known)

    def hits(self, text: str, written: Runs) -> list[Hit]:
        """Every hit in the folded ``text``, by place; they overlap, and weak ones await context."""
        lower = fold(written.lower)
        runs = set(written.all)
        runs |= {run[:-1] for run in runs if run[-1] == "s" and len(run) > 3}  # ``Blackwells``
        found: list[Hit] = []
        for first in sorted(self._names.keys() & runs):
            if names := [name for name in self._names[first] if name.runs <= runs]:
                places = _starts(first, lower)
                for name in names:
                    found += _written(name, text, lower, places)
        found += self._designations(text)
        return sorted(found, key=lambda hit: hit.start)

    def _designations(self, text: str) -> Iterator[Hit]:
        """Forms that stand alone; where one begins each is tried."""
        place = 0
        while found := self._any_form.search(text, place):
            place = found.start() + 1
            for form, entry in self._forms:
                if one := form.match(text, found.start()):
                    name = shapes.form_id(entry, one[0])
                    sure: Strength = "short" if entry.needs else "strong"
                    end = _plural(text, one.end())
                    yield Hit(one.start(), end, name, _shape_type(entry), sure, entry, "shape")


def _names(entry: Entry) -> Iterator[_Name]:
    """The names of an entry; without strength a family's name that never counts alone."""
    named: list[tuple[str, Strength | None]] = []
    named += ((name, "strong") for name in entry.strong_names())
    named += ((name, "weak") for name in entry.weak)
    named += ((name, "short") for name in entry.short)
    if entry.family and not entry.bare:
        named += ((name, None) for name in (entry.name, *entry.aliases))
    for name, strength in named:
        text = fold(name)
        small = (text.lower(),) if entry.family else ()
        large = (text.upper(),) if len(text) > 3 else ()
        spellings = tuple(dict.fromkeys((text, *small, *large))) if entry.case != "any" else ()
        runs = Runs(text).all
        unless = tuple(map(fold, entry.unless))
        if runs and text[0].isalnum():
            yield _Name(text, spellings, runs, unless, entry, strength)


def _starts(run: str, lower: str) -> list[int]:
    """Where words start with ``run``."""
    places = []
    at = lower.find(run)
    while at >= 0:
        if not (at and lower[at - 1].isalnum()):
            places.append(at)
        at = lower.find(run, at + len(run))
    return places


def _written(name: _Name, text: str, lower: str, places: Iterable[int]) -> Iterator[Hit]:
    """The hits of ``name`` at those of ``places`` that have it in a spelling that may count."""
    there, spellings = (text, name.spellings) if name.spellings else (lower, name.text.lower())
    for at in places:
        if there.startswith(spellings, at) and not text.startswith(name.unless, at):
            yield from _at(text, at, name)


def _at(text: str, start: int, name: _Name) -> Iterator[Hit]:
    """The hits of a name that is written at ``start``: bare, and with the version that follows."""
    entry, strength = name.entry, name.strength
    end = start + len(name.text)
    exact = text[start:end] == name.text
    small = not exact and text[start:end].islower() and entry.case != "any"
    if not exact and not small and strength != "strong":
        if strength is None or entry.type not in _SHOUTED:
            return
        strength = "short"  # ``UPSTAGE`` in a headline may be the word
    if entry.family and (far := shapes.family_end(entry, text, end, small=small)) is not None:
        shape = shapes.family_id(entry, text[end:far])
        sure: Strength = "short" if strength == "short" or _needy(entry, strength) else "strong"
        if not small or strength in ("strong", "weak"):
            yield Hit(start, _plural(text, far), shape, _shape_type(entry), sure, entry, "shape")
    if strength is None or small:
        return
    if entry.type in _PLURAL:
        end = _plural(text, end)
    if not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum()):
        yield Hit(start, end, entry.id, entry.type, strength, entry, "gazetteer")


def _needy(entry: Entry, strength: Strength | None) -> bool:
    """A family whose bare name never counts may be a word (``Step 3``): its versions need more."""
    return strength is None and bool(entry.needs)


def _plural(text: str, end: int) -> int:
    more = text.startswith("s", end) and not text[end + 1 : end + 2].isalnum()
    return end + 1 if more else end


def _shape_type(entry: Entry) -> EntityType:
    return entry.shape_type or entry.type
