"""Whom a pronoun or a definite phrase means: ``it``, ``the company``, ``his hedge fund``.

Only clear cases are answered: by type, number and gender, then by role and distance. What is
resolved counts as a mention for what follows.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Token

from processors.nlp import epithets
from processors.nlp import gazetteer as names
from processors.nlp.annotations import Mention, Reference
from processors.nlp.antecedents import (
    SUBJECT,
    Candidate,
    Place,
    acting_verb,
    best,
    candidate,
    governor,
    lines,
)
from processors.nlp.components import Step, declare
from processors.nlp.gazetteer import Entry

VERSION = "beatwire-references-v1"

declare(VERSION, needs=("mentions",), gives=("references",))

_IT = frozenset({"it", "its", "itself"})
_HE = frozenset({"he", "him", "his", "himself"})
_SHE = frozenset({"she", "her", "hers", "herself"})
_DEFINITE = frozenset({"the", "this", "that"})
_OBJECTS = frozenset({"dobj", "pobj", "dative", "oprd"})
_EMPTY_VERBS = frozenset(
    {"seem", "appear", "remain", "turn", "happen", "matter", "take", "feel", "rain"}
)
_MESSAGE_VERBS = frozenset({"suggest", "mean", "show", "underscore", "signal", "follow", "prove"})
_TAKING_VERBS = frozenset({"hire", "poach", "buy", "acquire", "recruit", "lure", "oust", "sue"})
_THING_WEIGHT = {"company": 0.3, "lab": 0.3, "fund": 0.2, "agency": 0.2, "country": -0.8}

_LEAD_WEIGHT = 1.2
"""A plain ``the company`` means what the text opened with, rather than a name in passing."""
_ORGANISATIONS = frozenset({"company", "lab", "fund"})


@Language.factory(VERSION, default_config={"gazetteer": None})
def make_references(nlp: Language, name: str, gazetteer: str | None) -> Step:  # noqa: ARG001 - spaCy's form
    """The step for spaCy; ``gazetteer`` is the path of the user's own file."""
    entries = names.load(Path(gazetteer) if gazetteer else None)
    nations = {
        word: entry.id
        for entry in entries.values()
        for word in (*entry.adjectives, *entry.capitals)
    }

    def resolve(doc: Doc) -> Doc:
        doc._.references = list(_Resolver(doc, entries, nations).resolve())
        return doc

    return resolve


class _Resolver:
    """One pass over one text, in reading order."""

    def __init__(self, doc: Doc, entries: Mapping[str, Entry], nations: Mapping[str, str]) -> None:
        self._doc = doc
        self._entries = entries
        self._nations = nations
        self._lines = lines(doc)
        self._sentences = {
            token.i: number for number, sent in enumerate(doc.sents) for token in sent
        }
        self._seen: list[Candidate] = []
        self._lead = _lead(doc)
        self._types = {mention.entity_id: mention for mention in doc._.mentions}
        self._mentions: dict[int, Mention] = {}
        self._covered: set[int] = set()
        for mention in doc._.mentions:
            span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if span is not None:
                self._mentions[span.start] = mention
                self._covered.update(token.i for token in span)
                self._note(mention, span.start, span.end)

    def resolve(self) -> Iterator[Reference]:
        """References in the order of the text; a phrase before the pronoun in it."""
        found = []
        for token in self._doc:
            if token.i in self._covered:
                continue
            if token.pos_ == "PRON":
                first, name = token.i, self._pronoun(token)
            else:
                first, name = self._phrase(token)
            if name is None or name not in self._types:
                continue
            kind = self._types[name]
            start, end = self._doc[first].idx, token.idx + len(token)
            found.append(Reference(start, end, name))
            self._note(
                Mention(start, end, name, kind.name, kind.type, "reference"), first, token.i + 1
            )
        return iter(sorted(found, key=lambda one: (one.start, -one.end)))

    def _note(self, mention: Mention, first: int, after: int) -> None:
        span = self._doc[first:after]
        self._seen.append(candidate(mention, span, self._sentences[first], self._lines[first]))

    def _place(self, token: Token) -> Place:
        return Place(token.idx, self._sentences[token.i], self._lines[token.i])

    def _pronoun(self, token: Token) -> str | None:
        word = token.lower_
        if word in _IT and not _empty(token):
            return self._thing(token)
        if word in _HE | _SHE:
            return self._person(token, "female" if word in _SHE else "male")
        return None

    def _thing(self, token: Token) -> str | None:
        barred = self._barred(token)

        def fit(one: Candidate) -> float:
            if one.type == "person" or one.entity_id in barred:
                return 0.0
            return 1.0 + _THING_WEIGHT.get(one.type, 0.0)

        return best(self._seen, self._place(token), fit, sentences=2, paragraphs=0)

    def _person(self, token: Token, gender: str) -> str | None:
        barred = self._barred(token) | self._named_in_clause(token)

        def fit(one: Candidate) -> float:
            if one.type != "person" or one.entity_id in barred:
                return 0.0
            entry = self._entries.get(one.entity_id)
            return float((entry.gender or "male") == gender if entry else True)

        return best(self._seen, self._place(token), fit, sentences=2, paragraphs=1)

    def _barred(self, token: Token) -> set[str]:
        """Entities that grammar forbids: an object is not its own verb's subject."""
        verb = acting_verb(governor(token))
        if token.dep_ == "poss":
            owned = token.head
            if owned.dep_ == "appos":
                edges = (owned.head.left_edge.idx, owned.head.idx)
                return {one.entity_id for one in self._seen if one.start in edges}
            if owned.dep_ == "attr":
                return self._with_role(verb, ("subject", "owner"))
            taken = owned.dep_ == "dobj" and governor(token).lemma_ in _TAKING_VERBS
            return self._with_role(verb, ("subject",)) if taken else set()
        small_clause = token.dep_ in SUBJECT and token.head.pos_ == "ADJ"
        if small_clause or (token.dep_ in _OBJECTS and not token.lower_.endswith("self")):
            return self._with_role(verb, ("subject",))
        return set()

    def _with_role(self, verb: Token, roles: tuple[str, ...]) -> set[str]:
        return {one.entity_id for one in self._seen if one.governor == verb.i and one.role in roles}

    def _named_in_clause(self, token: Token) -> set[str]:
        """Entities named again after a subject pronoun in its own clause: it is not them."""
        if token.dep_ not in SUBJECT:
            return set()
        reach = governor(token).right_edge.i
        return {
            mention.entity_id
            for start, mention in self._mentions.items()
            if token.i < start <= reach
        }

    def _phrase(self, head: Token) -> tuple[int, str | None]:
        epithet = epithets.read_epithet(head)
        first = head.left_edge
        if epithet is None or first.i == head.i:
            return head.i, None
        if any(child.dep_ == "poss" for child in head.children):
            return first.i, self._owned(first, head, epithet)
        if first.lower_ not in _DEFINITE or head.dep_ == "appos" or self._explains(first):
            return head.i, None
        return first.i, self._described(first, head, epithet)

    def _described(self, first: Token, head: Token, epithet: epithets.Epithet) -> str | None:
        """``the company``, ``the Chinese startup``, ``the Claude maker``."""
        inner = [self._mentions[i] for i in range(first.i + 1, head.i) if i in self._mentions]
        relation = epithets.link_of(epithet.head)
        if inner and relation:
            return self._related(inner[-1].entity_id, relation)
        if inner and inner[-1].type != "country":
            return None

        lead = self._lead if first.i + 1 == head.i else None

        def fit(one: Candidate) -> float:
            entry = self._entries.get(one.entity_id)
            weight = epithets.fits(epithet, one.type, entry, self._nations)
            return weight + _LEAD_WEIGHT if weight and one.entity_id == lead else weight

        place = Place(first.idx, self._sentences[head.i], self._lines[head.i])
        return best(self._seen, place, fit, sentences=6, paragraphs=2)

    def _explains(self, first: Token) -> bool:
        """Whether a phrase follows a name and a comma: it explains that name."""
        return first.i > 1 and first.nbor(-1).text == "," and first.i - 2 in self._covered

    def _owned(self, first: Token, head: Token, epithet: epithets.Epithet) -> str | None:
        """``his hedge fund, High-Flyer``, ``its parent``, ``TikTok's parent``, ``his lab``."""
        for child in head.children:
            if child.dep_ == "appos":
                for i in range(child.left_edge.i, child.i + 1):
                    if i in self._mentions:
                        return self._mentions[i].entity_id
        owner = self._mentions[first.i].entity_id if first.i in self._mentions else None
        if owner is None:
            owner = next((one.entity_id for one in self._seen if one.start == first.idx), None)
        if owner is None:
            return None
        if (relation := epithets.link_of(epithet.head)) is not None:
            return self._related(owner, relation)
        entry = self._entries.get(owner)
        return entry.of if entry and entry.of and first.lower_ in _HE | _SHE else None

    def _related(self, name: str, relation: str) -> str | None:
        """The maker or parent of a thing, or the person who stands for an organisation."""
        entry = self._entries.get(name)
        if relation == "leader":
            people = {
                one.entity_id
                for one in self._seen
                if (known := self._entries.get(one.entity_id)) and known.of == name
            }
            return people.pop() if len(people) == 1 else None
        return (entry.maker or entry.parent) if entry else None


def _lead(doc: Doc) -> str | None:
    """The first organisation that the text names."""
    named = (m for m in sorted(doc._.mentions, key=lambda one: one.start))
    return next((m.entity_id for m in named if m.type in _ORGANISATIONS), None)


def _empty(token: Token) -> bool:
    """Whether ``it`` stands for nothing or for a whole sentence: ``it is clear that``."""
    verb = token.head
    if token.dep_ not in SUBJECT:
        return token.dep_ == "expl" or (verb.lower_ == "of" and token.dep_ == "pobj")
    if verb.lemma_ in _EMPTY_VERBS:
        return True
    clauses = {child.dep_ for child in verb.children}
    if verb.lemma_ in _MESSAGE_VERBS and "ccomp" in clauses:
        return True
    if verb.lemma_ == "be":
        complement = [child for child in verb.children if child.dep_ in ("acomp", "attr")]
        return bool({"ccomp", "csubj", "xcomp", "advcl"} & clauses) and bool(complement)
    return False
