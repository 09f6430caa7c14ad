"""Capitals that stand for their governments: ``Washington told Nvidia``, not ``in Brussels``."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from spacy.tokens import Doc

from processors.nlp.gazetteer import Entry, fold
from processors.nlp.lookup import Hit
from processors.nlp.marks import Marks
from processors.nlp.parts import runs_of, text_of
from processors.nlp.runs import first_run
from processors.nlp.word_kinds import kind_of, stem_is
from processors.nlp.wordlists import words

_WORD = re.compile(r"[\w'-]+")
_BEFORE = re.compile(r"(?:([\w']+),? )$")
_OWNS = re.compile(r"'s (?P<words>[\w -]+)")
_TOWARDS = frozenset({"by", "between", "with", "against", "pressure"})
_PLACED = words("placing")
_OPENERS = words("openers") | words("plain")
_LOCAL = words("local")
_ADDRESSED = words("addressed")


type Capitals = Mapping[str, Mapping[str, Entry]]
"""The first word of a capital, in small letters, to the capital's spellings and its country."""


def capitals_of(entries: Iterable[Entry]) -> Capitals:
    """The capitals of all countries among ``entries``."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        for city in entry.capitals:
            found.setdefault(first_run(city), {}).update({city: entry, city.upper(): entry})
    return found


def governments(doc: Doc, hits: Sequence[Hit], capitals: Capitals) -> list[Hit]:
    """A country's hit for each capital that acts; cities as places are left alone."""
    written = capitals.keys() & runs_of(doc).all
    if not written:
        return []
    text = fold(text_of(doc))
    cities = {city: entry for run in written for city, entry in capitals[run].items()}
    places = [place for city in cities for place in _places(city, text)]
    taken = Marks(len(text), ((hit.start, hit.end) for hit in hits))
    people = [e for e in doc.ents if e.label_ in ("PERSON", "ORG", "FAC") and len(e) > 1]
    for part in people:
        taken.add(part.start_char, part.end_char)
    free = sorted(place for place in places if not taken.touch(*place))
    acting = {place for place in free if _acts(text, *place)}
    acting |= {other for one, other in _pairs(free, text) if one in acting}
    found = []
    for start, end in sorted(acting):
        entry = cities[text[start:end]]
        found.append(Hit(start, end, entry.id, entry.type, "weak", entry, "gazetteer"))
    return found


def _places(city: str, text: str) -> Iterator[tuple[int, int]]:
    at = text.find(city)
    while at >= 0:
        end = at + len(city)
        if not text[max(0, at - 1) : at].isalnum() and not text[end : end + 1].isalnum():
            yield at, end
        at = text.find(city, end)


def _acts(text: str, start: int, end: int) -> bool:
    """Whether the city does something, owns rules, is addressed or has a partner."""
    before = _BEFORE.search(text, max(0, start - 30), start)
    word = before[1].lower() if before else ""
    if before and before[1][0].isupper() and word not in _OPENERS:
        return False
    if word in _TOWARDS or (word and stem_is(word, _ADDRESSED)):
        return True
    if word in _PLACED or text.startswith(("-", ", "), end):
        return False
    if owned := _OWNS.match(text, end):
        things = owned["words"].split()[:3]
        return things[0].islower() and _LOCAL.isdisjoint(map(_singular, things))
    return _does(text, end)


def _does(text: str, end: int) -> bool:
    """Whether a verb follows: ``Brussels will not``, ``Tokyo has``, ``Beijing quietly told``."""
    following = [word[0].lower() for word in _WORD.finditer(text, end, end + 40)][:2]
    kinds = [kind_of(word) for word in following]
    if kinds[:1] in (["a"], ["q"]):
        kinds = kinds[1:]
    return bool(kinds) and kinds[0] in ("v", "x", "e") and text[end : end + 1] == " "


def _pairs(
    places: Sequence[tuple[int, int]], text: str
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Neighbours joined by ``and``, each way round."""
    for one, other in pairwise(places):
        if text[one[1] : other[0]] in (" and ", " or "):
            yield one, other
            yield other, one


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")
