"""Names that the text itself introduces: ``Encode, an advocacy group``, ``University of Nice``."""

import re
from collections.abc import Iterable, Iterator, Sequence

from processors.nlp import cues
from processors.nlp.annotations import Mention
from processors.nlp.context import Surroundings
from processors.nlp.lookup import Hit
from processors.nlp.marks import Marks
from processors.nlp.no_names import is_name
from processors.nlp.runs import Runs, found_at, found_in_lines
from processors.nlp.shapes import slug
from processors.nlp.wordlists import words
from processors.records import EntityType

_WORD = r"[A-Z][\w&.']*"
_NAME = r"[A-Z][\w&.]*\w(?: [A-Z0-9](?:[\w&.]*\w)?){0,3}"
_INTRODUCED = re.compile(
    rf"(?<![\w.] )(?P<name>{_NAME}), (?:an?|the) (?=[\w' ]{{3,60}}?\b(?:{cues.NOUNS}|chipmaker)\b)"
)
_TOLD = re.compile(rf", (?:an?|the) (?=[\w' ]{{3,60}}?\b(?:{cues.NOUNS}|chipmaker)\b)")
_HOUSE = re.compile(
    rf"(?<!\w)(?P<name>{_WORD}(?: {_WORD}){{0,3}} (?:Capital|Ventures|Partners|Asset Management"
    r"|Management|Institute|Foundation|University|Commission))(?! [A-Z])\b"
)
_HEAD = (
    r"(?:University|Universit[éàä]t?|Institute|Institut|College|School|Academy|Association|Society"
    r"|Department|Ministry|Cent(?:er|re)|Laborator(?:y|ies)|Foundation|Council|Commission|Office"
    r"|Bureau|Agency|Federation|Museum|Academy|Board)"
)
_INSTITUTION = re.compile(
    rf"(?<!\w)(?P<name>(?:{_WORD} ){{0,4}}?(?P<head>{_HEAD})(?: {_HEAD})*"
    rf" (?:of|for|on) (?:the |an? )?{_WORD}"
    rf"(?:(?: of| for| in| the| de| and| on| an?){{0,3}} {_WORD})*)"
)
_HOUSES = words("houses")
_INSTITUTIONS = words("institutions")
_LAUNCHING = words("launching")
_CALLING = words("calling")
_NAMING = frozenset({"the", "its", "called", "named", "dubbed"})
"""Words that the patterns of the same names need or, those of the last, begin with."""
_CAMPUS = re.compile(
    r",? (?:Berkeley|Irvine|San Diego|Los Angeles|Santa Barbara|Santa Cruz|Davis|Riverside|Merced"
    r"|San Francisco)\b"
)
_LAUNCHED = re.compile(
    r"\b(?:released|launched|unveiled|rolled out|open sourced|debuted|shipped) "
    r"(?P<name>[A-Z][\w]*[\w](?: \d[\w.]*\w|[. ]\d)?)"
    r"(?=,? (?:which|that|an?|its|to|for|with)\b|[,;.](?!\d))"
)
_CALLED = re.compile(
    rf"\b[Aa]n? (?:[\w-]+ ){{0,4}}?(?P<noun>{cues.NOUNS}),?"
    r" (?:(?:that |which )?(?:it|they|he|she|[A-Z]\w+)"
    r" (?:calls?|has named|named|dubs|dubbed)|called|named|dubbed|known as|code ?named)"
    r" (?:the )?\"?(?P<name>[A-Z]\w+(?: [A-Z0-9][\w.]*\w)*)"
)
_DESIGNATION = re.compile(
    r"\b(?:the|its|called|named|dubbed) (?P<name>[A-Z][A-Za-z]{0,9} ?\d{2,4}[A-Z]{0,2})"
    r"(?!\w| [a-z]*illion)"
)
_SILICON = re.compile(r"\b(?:chips?|chipmaker|processors?|accelerators?|GPUs?|silicon)\b")
_OPENERS = words("phrase_openers")


def introduced(hits: Iterable[Hit | Mention], around: Surroundings) -> Iterator[Mention]:
    """Names beside ``hits`` that the recogniser missed but that are explained."""
    text = around.text
    taken = Marks(len(text), ((hit.start, hit.end) for hit in hits))
    told = (found.start() for found in _TOLD.finditer(text))
    houses = (place for place, _ in around.runs.among(_HOUSES))
    explained = found_in_lines(_INTRODUCED, text, told)
    for found in (*explained, *found_in_lines(_HOUSE, text, houses)):
        start, end = _without_opener(text, *found.span("name"))
        if not taken.touch(start, end) and not around.off_text(start):
            name = text[start:end]
            kind = cues.by_words(text, start, end) or cues.by_ending(name)
            if kind and is_name(name):
                yield mention(around, start, end, kind)
    for start, end, kind in _things(text, around.runs):
        if not taken.touch(start, end) and is_name(text[start:end]):
            yield mention(around, start, end, kind)


def institutions(hits: Sequence[Hit], around: Surroundings) -> list[Mention]:
    """Universities, ministries and societies by their long names, which recognisers cut."""
    text, found = around.text, []
    if not (named := around.runs.among(_INSTITUTIONS)):
        return []
    taken = Marks(
        len(text), ((h.start, h.end) for h in hits if _HEADED.search(text, h.start, h.end))
    )
    for one in found_in_lines(_INSTITUTION, text, (place for place, _ in named)):
        start, end = _without_opener(text, *one.span("name"))
        end = _one_of_two(text, one["head"], start, end)
        if (campus := _CAMPUS.match(text, end)) and "University of California" in text[start:end]:
            end = campus.end()
        kind = cues.by_ending(text[start:end])
        if kind and is_name(text[start:end]) and not taken.touch(start, end):
            found.append(mention(around, start, end, kind))
    return found


_HEADED = re.compile(rf"\b{_HEAD}\b")
_AND = re.compile(rf" and (?:the )?(?=(?:{_WORD} )?{_HEAD}\b)")


def _one_of_two(text: str, head: str, start: int, end: int) -> int:
    """Where the first ends of two joined by ``and``; a university has none in its name."""
    joined = " and " if head.startswith(("Universit", "College")) else None
    cut = text.find(joined, start, end) if joined else -1
    if cut < 0 and (two := _AND.search(text, start, end)):
        cut = two.start()
    return cut if cut > 0 else end


def _without_opener(text: str, start: int, end: int) -> tuple[int, int]:
    """A name without a capital that only opens the sentence."""
    while (gap := text.find(" ", start, end)) > 0 and text[start:gap].lower() in _OPENERS:
        start = gap + 1
    return start, end


def _things(text: str, runs: Runs) -> Iterator[tuple[int, int, EntityType]]:
    """Products that are launched, and designations told of as chips."""
    for found in found_at(_LAUNCHED, text, (place for place, _ in runs.among(_LAUNCHING))):
        start, end = found.span("name")
        yield start, end, cues.by_words(text, start, end) or "product"
    for found in found_in_lines(_CALLED, text, (place for place, _ in runs.among(_CALLING))):
        start, end = found.span("name")
        yield start, end, cues.of_noun(found["noun"])
    for found in found_at(_DESIGNATION, text, (place for place, _ in runs.among(_NAMING))):
        start, end = found.span("name")
        told = cues.by_words(text, start, end)
        if told or _SILICON.search(text, max(0, start - 60), start):
            yield start, end, told or "chip"


def mention(around: Surroundings, start: int, end: int, kind: EntityType) -> Mention:
    """A name that the gazetteer lacks, as the text writes it."""
    name = around.raw[start:end]
    return Mention(start, end, slug(name) or "name", name, kind, "model")
