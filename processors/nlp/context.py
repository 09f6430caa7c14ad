"""Which of the names found mean what they may mean: the text around a name decides."""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec
from spacy.tokens import Doc

from processors.nlp.gazetteer import common_words, fold
from processors.nlp.lookup import Hit
from processors.nlp.marks import Marks
from processors.nlp.no_names import abbreviated_terms
from processors.nlp.parts import runs_of, text_of
from processors.nlp.quantities.money import sum_at
from processors.nlp.word_kinds import kind_of

_FURNITURE = re.compile(
    r"^\W*(?:subscribe|sign up|discover more from|follow us|share this|read more|read also|related:"
    r"|advertisement|copyright|©|all rights reserved|photo(?:graph)?\s*(?:by|:)|image(?: credit)?:"
    r"|(?:get|join) (?:our|the) newsletter|get the latest|thanks for reading|leave a comment"
    r"|click here|cookie)"
)
_IN_FURNITURE = ("sent to your email", "sent to your inbox", "all rights reserved")
_LINE = re.compile(r"[^\n]+")
_DOES = re.compile(
    r"(?:'s|,? (?:has|had|said|says|will|would|plans|raised|wants|told|makes|made|announced"
    r"|launched|unveiled|released|hired|bought|paid|agreed|filed|declined|reported|expects|sells"
    r"|trained|builds|built|bars|barred|lets|now|also|and [A-Z]\w*|took|buys|signed|won|pays|opened"
    r"|lost|crossed|merged|hit|topped|passed|sued|sues|leads|led|joined|releases|raises|hires"
    r"|claims|offered|denied|denies|employs|argues|hopes|users"
    r"|customers|subscribers|shareholders|executives|researchers|employees))\b"
)
_RAISES = re.compile(
    r"(?:'s (?:valuation|funding|round|revenue|founders?|investors|staff)"
    r"|,? (?:has |have |is |was |had |will |in talks to )*(?:rais\w+|valued|hir\w+|bought|acquir\w+"
    r"|in talks|worth|employs|earn\w*|in annual))\b"
)
_LETTER_BEFORE = re.compile(r"[A-Z][\w.]* $")
_NAME_GOES_ON = re.compile(r" [A-Z\d]")
_APP = re.compile(
    r"(?:,? (?:is |was )?(?:an?|its|the) (?:[\w ]{0,24} )?| )"
    r"(?:app|apps|assistant|chatbot|website|browser extension)\b"
)
_NEXT_WORD = re.compile(r" ([a-z]+)")
_HEADING_WORDS = 16
_HEADING_LENGTH = 200
_HEADING_WORD = re.compile(r"[^\W\d_][\w'.]*")
_SENTENCE_ENDS = frozenset(".!;,\"'") | {""}
_OF_FUNDS = ("round", "valuation", "investors", "investor", "raised", "backed", "venture", "stake")
_OF_MODELS = ("AI", "model", "models", "chips", "inference", "Nvidia")
_OF_AI = re.compile(
    r"(?<!\w)(?:A\.?I|(?:large )?language models?|models?|LLMs?|chatbots?|GPT|prompt(?:s|ed)?"
    r"|tokens?|parameters|benchmarks?|cod(?:e|ing|ers?)|agents?|agentic|assistants?|developers?|software"
    r"|start ?ups?|labs?|API|subscri(?:bers?|ptions?)|users?|weights|inference|trained|training"
    r"|comput(?:e|ing)|tech|chips?|GPUs?|data cent(?:er|re)s?|versions?|bots?|apps?)(?!\w)"
)
_OF_OURS = frozenset({"lab", "model", "chip", "product", "company", "fund"})


class Surroundings:
    """What is known of a text when its names are weighed."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self.raw = text_of(doc)
        self.text = fold(self.raw)
        self.runs = runs_of(doc)
        self.title = fold(doc._.title or "")
        self._told: dict[str, bool] = {}

    def mentions_any(self, needs: Iterable[str]) -> bool:
        """Whether a word or phrase of ``needs`` stands in the text or its title."""
        return any(self._mentions(need) for need in needs)

    def _mentions(self, need: str) -> bool:
        if need not in self._told:
            told = fold(need)
            loud = told.upper() if len(told) > 3 else told
            self._told[need] = any(
                _stands(told, where) or (loud != told and _stands(loud, where))
                for where in (self.text, self.title)
            )
        return self._told[need]

    @cached_property
    def on_ai(self) -> bool:
        """Whether a word of our trade stands in the text or its title."""
        return bool(_OF_AI.search(self.text) or _OF_AI.search(self.title))

    @cached_property
    def starts(self) -> frozenset[int]:
        """Where the first words of sentences stand."""
        text = self.text
        places = (sentence.start_char for sentence in self._doc.sents)
        return frozenset(_first_letter(text, place) for place in places)

    @cached_property
    def furniture(self) -> Marks:
        """Lines that belong to the page, not to its text."""
        lines = (line.span() for line in _LINE.finditer(self.text) if _is_furniture(line[0]))
        return Marks(len(self.text), lines)

    @cached_property
    def headings(self) -> Marks:
        """Lines in which every word has a capital."""
        lines = (line.span() for line in _LINE.finditer(self.text) if _is_heading(line[0]))
        return Marks(len(self.text), lines)

    @cached_property
    def organisations(self) -> frozenset[tuple[int, int]]:
        """What spaCy takes for organisations, outside headings."""
        return frozenset(
            (span.start_char, span.end_char)
            for span in self._doc.ents
            if span.label_ == "ORG" and not self.headings.at(span.start_char)
        )

    @cached_property
    def terms(self) -> frozenset[str]:
        """Acronyms of plain words."""
        return frozenset(abbreviated_terms(self.text))

    def off_text(self, place: int) -> bool:
        """Whether ``place`` is in a heading or in the page's furniture."""
        return self.furniture.at(place) or self.headings.at(place)


def survey(doc: Doc) -> Surroundings:
    """The surroundings of a text's names, each worked out when it is asked for."""
    return Surroundings(doc)


def accept(hits: Iterable[Hit], around: Surroundings) -> list[Hit]:
    """The hits that count: longest first where they overlap, weak ones by their context."""
    live = [hit for hit in hits if not around.furniture.at(hit.start)]
    strong = [hit for hit in live if hit.strength == "strong"]
    open_hits = [hit for hit in live if hit.strength != "strong"]
    sure = settle(strong, len(around.text))
    if not open_hits:
        return [_as_app(hit, around.text) for hit in sure]
    present = {name for hit in sure for name in (hit.entity_id, hit.entry.id)}
    present |= _kin(sure) | _titled(live, around)
    together = _together(open_hits) if around.mentions_any(_OF_MODELS) else set()
    ours = around.on_ai or any(hit.type in _OF_OURS for hit in sure)
    passed, capital = [], []
    for hit in open_hits:
        family = hit.how == "shape" and hit.entry.id in together
        if hit.type == "model" and hit.strength == "weak" and not ours:
            continue  # ``born under Gemini``
        if family or _backed(hit, present, around) or _recognised(hit, around):
            passed.append(hit)
        elif hit.strength == "weak" and (_stands_out(hit, around) or _rare(hit)):
            capital.append(hit)
    present |= {hit.entity_id for hit in (*passed, *capital)}
    again = [hit for hit in open_hits if hit.entity_id in present]
    ordered = sorted([*sure, *passed, *capital, *again], key=lambda hit: _unlike(hit, around))
    return [_as_app(hit, around.text) for hit in settle(ordered, len(around.text))]


def _as_app(hit: Hit, text: str) -> Hit:
    """``the Claude app`` and ``Sora, an app for`` are products, not models."""
    if hit.type != "model" or hit.how == "shape" or not _APP.match(text, hit.end):
        return hit
    return msgspec.structs.replace(hit, entity_id=f"{hit.entry.id}-app", type="product")


def _unlike(hit: Hit, around: Surroundings) -> bool:
    """Whether a name that a product and a firm share is rather used for the other of the two."""
    raises = bool(_RAISES.match(around.text, hit.end))
    return hit.type in ("company", "lab") and not raises if hit.strength != "strong" else False


def settle(hits: Iterable[Hit], length: int) -> list[Hit]:
    """Of overlapping hits the longest, in the order of the text; of equal ones the first."""
    chosen: list[Hit] = []
    taken = Marks(length)
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start)):
        if not taken.touch(hit.start, hit.end):
            taken.add(hit.start, hit.end)
            chosen.append(hit)
    return sorted(chosen, key=lambda hit: hit.start)


def _rare(hit: Hit) -> bool:
    """A model's name that is no word of English, in a text of our trade."""
    return hit.type == "model" and hit.entry.name.lower() not in common_words()


def _titled(hits: Sequence[Hit], around: Surroundings) -> set[str]:
    """Entities of open hits whose sure name stands in the title alone."""
    if not around.title:
        return set()
    entries = {hit.entry.id: hit.entry for hit in hits}
    return {
        entry.id
        for entry in entries.values()
        if any(fold(name) in around.title for name in entry.strong_names() if len(name) > 3)
    }


def _kin(sure: Iterable[Hit]) -> set[str]:
    """Who stands behind the sure names: ``Jensen Huang`` speaks of Nvidia."""
    links = ((hit.entry.maker, hit.entry.of, hit.entry.parent) for hit in sure)
    return {link for three in links for link in three if link}


def _backed(hit: Hit, present: set[str], around: Surroundings) -> bool:
    """Whether the entity, its maker, its organisation or a telling word is in the text."""
    entry = hit.entry
    if entry.id in present or around.mentions_any(entry.needs):
        return True
    if entry.type == "fund" and around.text[hit.start].isupper() and not _opens(hit, around):
        return around.mentions_any(_OF_FUNDS)
    word = around.text[hit.start : hit.end].lower() in common_words()
    if word and _opens(hit, around) and not _acts(hit, around.text):
        return False  # ``Flow of funds``
    return not {entry.maker, entry.of}.isdisjoint(present)


def _together(hits: Sequence[Hit]) -> set[str]:
    """Families of which several designations back each other (``V3`` and ``R1``)."""
    shapes: dict[str, set[str]] = {}
    for hit in hits:
        if hit.how == "shape":
            shapes.setdefault(hit.entry.id, set()).add(hit.entity_id)
    return {family for family, forms in shapes.items() if len(forms) > 1}


def _recognised(hit: Hit, around: Surroundings) -> bool:
    """Whether spaCy too takes a weak name, or an acronym, for an organisation."""
    acronym = hit.strength == "short" and around.text[hit.start : hit.end].isupper()
    solid = hit.strength == "weak" or (acronym and hit.type in ("agency", "fund", "other"))
    return solid and hit.how == "gazetteer" and (hit.start, hit.end) in around.organisations


def _stands_out(hit: Hit, around: Surroundings) -> bool:
    """Whether a word is written as a name: a capital inside a sentence, or it acts like a firm."""
    text = around.text
    if around.headings.at(hit.start) or not text[hit.start].isupper():
        return False
    if hit.start in around.starts:
        return hit.type != "person" and _acts(hit, text)
    before = text[max(0, hit.start - 30) : hit.start]
    goes_on = _NAME_GOES_ON.match(text, hit.end) and not sum_at(text, hit.end + 1)
    return not goes_on and not _LETTER_BEFORE.search(before)


def _opens(hit: Hit, around: Surroundings) -> bool:
    return hit.start in around.starts or around.headings.at(hit.start)


def _acts(hit: Hit, text: str) -> bool:
    """Whether a name that opens a sentence does something; a common word only what firms do."""
    if _DOES.match(text, hit.end):
        return True
    following = _NEXT_WORD.match(text, hit.end)
    plain = text[hit.start : hit.end].lower() in common_words()
    return not plain and following is not None and kind_of(following[1]) in ("v", "x", "e")


def _stands(need: str, text: str) -> bool:
    """Whether a word or phrase stands in ``text`` with no letter or digit beside it."""
    at = text.find(need)
    while at >= 0:
        end = at + len(need)
        if not text[max(0, at - 1) : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(need, end)
    return False


def _is_furniture(line: str) -> bool:
    lower = line.lower()
    return bool(_FURNITURE.match(lower)) or any(words in lower for words in _IN_FURNITURE)


def _is_heading(line: str) -> bool:
    if len(line) > _HEADING_LENGTH or line.rstrip()[-1:] in _SENTENCE_ENDS:
        return False
    words = _HEADING_WORD.findall(line)
    if not words or len(words) > _HEADING_WORDS:
        return False
    large = [word for word in words if len(word) > 3]
    return len(large) > 1 and sum(word[0].isupper() for word in large) >= 0.7 * len(large)


def _first_letter(text: str, place: int) -> int:
    while place < len(text) and not text[place].isalnum():
        place += 1
    return place
