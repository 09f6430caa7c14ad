"""Where known names and forms stand in a text, before any context is weighed."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from processors.nlp import shapes
from processors.nlp.gazetteer import Entry, fold
from processors.records import EntityType

Strength = Literal["strong", "weak", "short"]
_RUN = re.compile(r"[^\W\d_]+|\d+")
_PLURAL = frozenset({"chip", "product", "model"})
"""Types of things that come in numbers; the plural's s belongs to the name (``H100s``)."""


class Hit(msgspec.Struct, frozen=True):
    """A name found; ``entry`` is what the gazetteer knows about it or about its family."""

    start: int
    end: int
    entity_id: str
    type: EntityType
    strength: Strength
    entry: Entry
    how: Literal["gazetteer", "shape"]


class Lookup:
    """All names of a gazetteer, indexed by their first run of letters or digits."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._names: dict[str, list[tuple[str, Entry, Strength | None]]] = {}
        self._forms: list[tuple[re.Pattern[str], Entry]] = []
        for entry in entries:
            for name, strength in _names(entry):
                first = _RUN.search(name)
                if first is not None:
                    known = self._names.setdefault(first[0].lower(), [])
                    known.append((fold(name), entry, strength))
            if entry.form:
                form = rf"(?<![A-Za-z0-9.$€£])(?:{entry.form})(?=s?(?![A-Za-z0-9]))"
                self._forms.append((re.compile(form), entry))

    def knows(self, name: str) -> bool:
        """Whether the folded ``name`` is one of ours, in whatever context."""
        first = _RUN.search(name)
        known = self._names.get(first[0].lower(), ()) if first else ()
        return any(name == ours for ours, _, strength in known if strength is not None)

    def hits(self, text: str) -> Iterator[Hit]:
        """Every hit in the folded ``text``; they overlap, and weak ones await their context."""
        lower = text.lower()
        if len(lower) != len(text):
            lower = text
        for run in _RUN.finditer(text):
            if run.start() and text[run.start() - 1].isalnum():
                continue
            for name, entry, strength in self._names.get(run[0].lower(), ()):
                if _written(text, lower, run.start(), name, entry):
                    yield from _at(text, run.start(), name, entry, strength)
        for form, entry in self._forms:
            for found in form.finditer(text):
                end = _plural(text, found.end())
                name = shapes.form_id(entry, found[0])
                sure: Strength = "short" if entry.needs else "strong"
                yield Hit(found.start(), end, name, _shape_type(entry), sure, entry, "shape")


def _names(entry: Entry) -> Iterator[tuple[str, Strength | None]]:
    """The names of an entry; None for a family's name that never counts alone."""
    yield from ((name, "strong") for name in entry.strong_names())
    yield from ((name, "weak") for name in entry.weak)
    yield from ((name, "short") for name in entry.short)
    if entry.family and not entry.bare:
        yield from ((name, None) for name in (entry.name, *entry.aliases))


def _written(text: str, lower: str, start: int, name: str, entry: Entry) -> bool:
    """Whether ``name`` stands at ``start`` in a spelling that may count."""
    if not lower.startswith(name.lower(), start):
        return False
    if any(text.startswith(fold(other), start) for other in entry.unless):
        return False
    there = text[start : start + len(name)]
    small = entry.family and there.islower()
    capitals = len(name) > 3 and there.isupper()
    return there == name or entry.case == "any" or small or capitals


def _at(text: str, start: int, name: str, entry: Entry, strength: Strength | None) -> Iterator[Hit]:
    """The hits of a name that is written at ``start``: bare, and with the version that follows."""
    end = start + len(name)
    exact = text[start:end] == name
    small = not exact and text[start:end].islower() and entry.case != "any"
    if not exact and not small and strength != "strong":
        return
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
