"""Which of the names found mean what they may mean: the text around a name decides."""

import re
from collections.abc import Iterable, Sequence

import msgspec
from spacy.tokens import Doc

from processors.nlp.gazetteer import fold
from processors.nlp.lookup import Hit

_WORD = re.compile(r"[^\W_][\w.&+']*")
_FURNITURE = re.compile(
    r"^\W*(?:subscribe|sign up|discover more from|follow us|share this|read more|read also|related:"
    r"|advertisement|copyright|©|all rights reserved|photo(?:graph)?\s*(?:by|:)|image(?: credit)?:"
    r"|(?:get|join) (?:our|the) newsletter|get the latest|thanks for reading|leave a comment"
    r"|click here|cookie)|sent to your (?:email|inbox)|all rights reserved",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:'s|,? (?:has|had|said|says|will|would|plans|raised|wants|told|makes|made|announced"
    r"|launched|unveiled|released|hired|bought|paid|agreed|filed|declined|reported|expects|sells|trained"
    r"|builds|built|bars|barred|lets|now|also|and [A-Z]))\b"
)
_RAISES = re.compile(
    r"(?:'s (?:valuation|funding|round|revenue|founders?|investors|staff)"
    r"|,? (?:has |have |is |was |had |will |in talks to )*(?:rais\w+|valued|hir\w+|bought|acquir\w+"
    r"|in talks|worth|employs|earn\w*|in annual))\b"
)
_LETTER_BEFORE = re.compile(r"[A-Z][\w.]* $")
_NAME_GOES_ON = re.compile(r" [A-Z\d]")
_HEADING_WORDS = 16
_OF_MODELS = ("AI", "model", "models", "chips", "inference", "Nvidia")


class Surroundings(msgspec.Struct, frozen=True):
    """What is known of a text before its names are weighed."""

    text: str
    """Folded."""
    words: frozenset[str]
    """Of the text and its title."""
    everything: str
    """Folded title and text."""
    starts: frozenset[int]
    """Where the first words of sentences stand."""
    furniture: tuple[tuple[int, int], ...]
    """Lines that belong to the page, not to its text."""
    headings: tuple[tuple[int, int], ...]
    organisations: frozenset[tuple[int, int]]
    """What spaCy takes for organisations, outside headings."""

    def mentions_any(self, needs: Iterable[str]) -> bool:
        """Whether a word or phrase of ``needs`` stands in the text or its title."""
        return any(
            need in self.words or (not need.isalnum() and fold(need) in self.everything)
            for need in needs
        )


def survey(doc: Doc) -> Surroundings:
    """Read lines and sentence starts off a parsed text."""
    text = fold(doc.text)
    everything = f"{fold(doc._.title or '')}\n{text}"
    furniture, headings = [], []
    for line in re.finditer(r"[^\n]+", text):
        if _FURNITURE.search(line[0]):
            furniture.append(line.span())
        elif _is_heading(line[0]):
            headings.append(line.span())
    starts = {_first_letter(text, sent.start_char, sent.end_char) for sent in doc.sents}
    return Surroundings(
        text=text,
        words=frozenset(word.rstrip(".").removesuffix("'s") for word in _WORD.findall(everything)),
        everything=everything,
        starts=frozenset(starts),
        furniture=tuple(furniture),
        headings=tuple(headings),
        organisations=frozenset(
            (span.start_char, span.end_char)
            for span in doc.ents
            if span.label_ == "ORG" and not inside(span.start_char, headings)
        ),
    )


def inside(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether ``place`` lies in one of ``spans``."""
    return any(start <= place < end for start, end in spans)


def accept(hits: Iterable[Hit], around: Surroundings) -> list[Hit]:
    """The hits that count: longest first where they overlap, weak ones by their context."""
    live = [hit for hit in hits if not inside(hit.start, around.furniture)]
    sure = settle(hit for hit in live if hit.strength == "strong")
    present = {name for hit in sure for name in (hit.entity_id, hit.entry.id)}
    present |= _titled(live, around)
    open_hits = [hit for hit in live if hit.strength != "strong"]
    named = [hit for hit in open_hits if _recognised(hit, around)]
    together = _together(open_hits) if around.mentions_any(_OF_MODELS) else []
    passed = [hit for hit in open_hits if _backed(hit, present, around) or hit in together]
    capital = [hit for hit in open_hits if hit.strength == "weak" and _stands_out(hit, around)]
    passed += [hit for hit in named if hit not in passed]
    present |= {hit.entity_id for hit in (*passed, *capital)}
    again = [hit for hit in open_hits if hit.entity_id in present]
    return settle(sorted([*sure, *passed, *capital, *again], key=lambda hit: _unlike(hit, around)))


def _unlike(hit: Hit, around: Surroundings) -> bool:
    """Whether a name that a product and a firm share is rather used for the other of the two."""
    raises = bool(_RAISES.match(around.text, hit.end))
    return hit.type in ("company", "lab") and not raises if hit.strength != "strong" else False


def settle(hits: Iterable[Hit]) -> list[Hit]:
    """Of overlapping hits the longest, in the order of the text; of equal ones the first."""
    chosen: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        places = range(hit.start, hit.end)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(hit)
    return sorted(chosen, key=lambda hit: hit.start)


def _titled(hits: Sequence[Hit], around: Surroundings) -> set[str]:
    """Entities of open hits whose sure name stands in the title alone."""
    head = around.everything[: len(around.everything) - len(around.text)]
    return {
        hit.entry.id
        for hit in hits
        if any(fold(name) in head for name in hit.entry.strong_names() if len(name) > 3)
    }


def _backed(hit: Hit, present: set[str], around: Surroundings) -> bool:
    """Whether the entity, its maker, its organisation or a telling word is in the text."""
    entry = hit.entry
    if entry.id in present or around.mentions_any(entry.needs):
        return True
    links = {entry.maker, entry.of} if entry.type != "person" or hit.strength == "short" else set()
    return not links.isdisjoint(present)


def _together(hits: Sequence[Hit]) -> list[Hit]:
    """Designations of one family that back each other (``V3`` and ``R1``)."""
    shapes: dict[str, set[str]] = {}
    for hit in hits:
        if hit.how == "shape":
            shapes.setdefault(hit.entry.id, set()).add(hit.entity_id)
    return [hit for hit in hits if len(shapes.get(hit.entry.id, ())) > 1]


def _recognised(hit: Hit, around: Surroundings) -> bool:
    """Whether spaCy too takes a weak name, or an acronym, for an organisation."""
    acronym = hit.strength == "short" and around.text[hit.start : hit.end].isupper()
    solid = hit.strength == "weak" or (acronym and hit.type in ("agency", "fund", "other"))
    return solid and hit.how == "gazetteer" and (hit.start, hit.end) in around.organisations


def _stands_out(hit: Hit, around: Surroundings) -> bool:
    """Whether a word is written as a name: a capital inside a sentence, or it acts like a firm."""
    text = around.text
    if inside(hit.start, around.headings) or not text[hit.start].isupper():
        return False
    if hit.start in around.starts:
        return bool(_DOES.match(text, hit.end)) and hit.type != "person"
    before, after = text[max(0, hit.start - 30) : hit.start], text[hit.end : hit.end + 2]
    return not _LETTER_BEFORE.search(before) and not _NAME_GOES_ON.match(after)


def _is_heading(line: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'.]*", line)
    if not words or len(words) > _HEADING_WORDS or line.rstrip()[-1] in ".!;,\"'":
        return False
    large = [word for word in words if len(word) > 3]
    return len(large) > 1 and sum(word[0].isupper() for word in large) >= 0.7 * len(large)


def _first_letter(text: str, start: int, end: int) -> int:
    place = start
    while place < end and not text[place].isalnum():
        place += 1
    return place
