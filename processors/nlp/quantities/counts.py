"""Counts of AI chips and of people in a text, and bare numbers that may be one of these."""

import re

import msgspec

from processors.nlp.quantities.bounds import bound_before
from processors.nlp.quantities.money import Numbers, quantity_of
from processors.nlp.quantities.quantity import Quantity, Taken

CHIP_NAME = (
    r"(?:(?:[HABV]\d{2,3}|GB\d{3}|GH\d{3}|MI\d{3}|L40|RTX\s?\d{4}|Ascend\s\d{3}|910|TPU[\s-]?v\d"
    r"|v\d)[A-Z]{0,2}s?|Trainium\s?\d?s?|Inferentia\s?\d?|Gaudi\s?\d?s?|Hoppers?|Blackwells?"
    r"|Ironwoods?|Rubins?|Grace\sHoppers?)"
)
_CHIP = (
    rf"(?:{CHIP_NAME}(?:\s(?:super)?(?:units|GPUs|chips|superchips|accelerators|processors|cards))?"
    r"|(?:GPU|TPU|NPU|LPU|XPU|ASIC|superchip|chip|accelerator|processor)s?"
    r"|graphics\s(?:cards|processors|chips))"
)
_PERSON = (
    r"(?:employees?|staff(?:ers)?|workers|people|persons|jobs|job\scuts|contractors|engineers"
    r"|researchers|scientists|annotators|positions|roles|posts|personnel|specialists|developers"
    r"|programmers|moderators|labell?ers|trainers|recruits|hires|redundancies|layoffs|lay-offs"
    r"|heads|headcount|colleagues|team\smembers|coders|tutors|raters|technicians|hands|strong|(?:full|part)-timers|freelancers|temps)"
)
_NOT_BETWEEN = (
    r"(?:in|on|to|for|and|or|at|by|with|from|that|which|who|per|as|is|are|was|were|than|but|if|among|between|across|against|during|within|amid"
    r"|when|while|into|over|under|after|before|a|an|hours?|days?|weeks?|months?|years?|boxes|racks"
    r"|servers|nodes|clusters|dollars|yuan|euros|times|percent|parameters|tokens|million|billion)"
)
_WORD = rf"(?!{_NOT_BETWEEN}\b)[\w][\w'’./+-]*"
_FILL = rf"(?:[\s-](?:of\s)?(?:{_WORD}\s){{0,5}}?|\sof\s)"
CHIPS = re.compile(
    rf"{_FILL}(?P<noun>{_CHIP})(?![\w-]*[\s-]hours?\b)(?!\w)(?!['’]s\b)", re.IGNORECASE
)
PEOPLE = re.compile(rf"{_FILL}(?P<noun>{_PERSON})(?!\w)", re.IGNORECASE)
_SYSTEMS = re.compile(
    rf"{_FILL}(?P<noun>(?:AI|Nvidia|AMD|next-generation|[A-Z]\w+)\s(?:AI\s)?"
    r"(?:systems|servers))(?!\w)"
)
_BOXES = re.compile(
    r"(?:boxes|servers|nodes|racks|machines|systems|pods|trays)\s(?:of|with|each with)\s$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:one|two|three|nine|\d) (?:in|out of)(?: every)?\s$", re.IGNORECASE)
"""``one in seven employees`` counts nobody."""
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_YEAR = range(1900, 2101)


def _counted(text: str, bare: Quantity) -> Quantity:
    """The quantity with what it counts: chips, people, or still a bare number."""
    if _SHARE.search(text[max(0, bare.start - 16) : bare.start]):
        return bare
    stop = min(len(text), bare.end + 90)
    chip = CHIPS.match(text, bare.end, stop) or _SYSTEMS.match(text, bare.end, stop)
    person = PEOPLE.match(text, bare.end, stop)
    if person and (not chip or person.start("noun") < chip.start("noun")):
        return _named(text, bare, person, "people")
    if chip and not _BOXES.search(text[max(0, bare.start - 24) : bare.start]):
        return _named(text, bare, chip, "chips")
    return bare


def _named(text: str, bare: Quantity, found: re.Match[str], sort: str) -> Quantity:
    words = text[bare.end : found.end()].strip(" -\t\n")
    return msgspec.structs.replace(
        bare, sort="chips" if sort == "chips" else "people", noun=words, end=found.end()
    )


def _plain(numbers: Numbers) -> list[Quantity]:
    """All numbers that carry no currency, with their bounds."""
    text = numbers.text
    vague = [q for q in numbers.vague if q.sort == "number"]
    taken = Taken(len(text), ((q.start, q.end) for q in vague))
    out = list(vague)
    for first, second, start in numbers.ranges:
        if first.currency or (second and second.currency):
            continue
        if taken.meets(start, first.end) or _ORDINAL.match(text, first.end):
            continue
        out.append(quantity_of(text, first, second, start))
    return [_with_bound(text, q) for q in out]


def _with_bound(text: str, bare: Quantity) -> Quantity:
    """``more than hundreds of`` stays vague, yet its words are part of the evidence."""
    if bare.bound != "vague":
        return bare
    _, start = bound_before(text, bare.start)
    return msgspec.structs.replace(bare, start=start)


def _may_be_elliptic(quantity: Quantity) -> bool:
    """Whether a bare number may stand for chips or people named before (``8,000 by 2026``)."""
    whole = quantity.size == int(quantity.size)
    return whole and quantity.size >= 20 and int(quantity.size) not in _YEAR


def find_counts(numbers: Numbers) -> list[Quantity]:
    """Counts of chips and people, and bare numbers of 20 or more that are no years, in order."""
    found = [_counted(numbers.text, bare) for bare in _plain(numbers)]
    kept = [q for q in found if q.sort != "number" or _may_be_elliptic(q)]
    return sorted(kept, key=lambda q: q.start)
