"""Whom a pronoun or a definite phrase means: ``it``, ``the company``, ``his hedge fund``.

Only clear cases are answered: by type, number and gender, then by role and distance. What is
resolved counts as a mention for what follows. Plurals (``they``) stay open.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from processors.nlp import epithets
from processors.nlp import gazetteer as names
from processors.nlp.anaphors import (
    POSSESSIVE,
    Anaphor,
    Phrase,
    anaphors,
    narrowed,
    phrase_from,
    stands_for_nothing,
)
from processors.nlp.annotations import Reference
from processors.nlp.antecedents import Candidate, Memory, Place
from processors.nlp.components import Step, declare
from processors.nlp.gazetteer import Entry
from processors.nlp.naming import Named, Sentence
from processors.nlp.parts import runs_of, text_of

VERSION = "beatwire-references-v2"

declare(VERSION, needs=("mentions",), gives=("references",))

_BREAK = re.compile(r"\n\s*")
_THING_WEIGHT = {"company": 0.3, "lab": 0.3, "fund": 0.2, "agency": 0.2, "country": -0.8}
_LEAD_WEIGHT = 1.2
"""A plain ``the company`` means what the text opened with, rather than a name in passing."""
_MADE = frozenset({"model", "chip", "product"})
_ALIKE = 1.2
"""What is made, sold or used as an object is rather meant by an object."""
_NOBODY = ""
"""Stands for those without a name."""
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
        doc._.references = _Resolver(doc, entries, nations).resolve() if doc._.mentions else []
        return doc

    return resolve


class _Resolver:
    """One pass over one text, in reading order."""

    def __init__(self, doc: Doc, entries: Mapping[str, Entry], nations: Mapping[str, str]) -> None:
        self._text, self._runs = text_of(doc), runs_of(doc)
        self._entries = entries
        self._nations = nations
        self._mentions = sorted(doc._.mentions, key=lambda one: one.start)
        self._lead = next((m.entity_id for m in self._mentions if m.type in _ORGANISATIONS), None)
        self._kinds = {mention.entity_id: mention.type for mention in self._mentions}
        self._memory = Memory()
        self._starts = [int(sent.start_char) for sent in doc.sents]
        self._breaks = [found.start() for found in _BREAK.finditer(self._text)]
        self._introduced: dict[str, int] = {}
        """Nouns with ``a`` and the number of the sentence: whom ``the`` then means is not named."""
        self._found: list[Reference] = []

    def resolve(self) -> list[Reference]:
        """References in the order of the text; a phrase before the pronoun in it."""
        asked = list(anaphors(self._text, self._runs))
        if not asked:
            return []
        mentions, m, a = self._mentions, 0, 0
        while m < len(mentions) or a < len(asked):
            first = min(
                mentions[m].start if m < len(mentions) else len(self._text),
                asked[a].start if a < len(asked) else len(self._text),
            )
            number = bisect_right(self._starts, first) - 1
            following = number + 1
            end = self._starts[following] if following < len(self._starts) else len(self._text)
            m_end, a_end = m, a
            while m_end < len(mentions) and mentions[m_end].start < end:
                m_end += 1
            while a_end < len(asked) and asked[a_end].start < end:
                a_end += 1
            here = Sentence(self._text, max(self._starts[number], 0), end, mentions[m:m_end])
            self._read(here, asked[a:a_end], Place(number, bisect_right(self._breaks, first)))
            m, a = m_end, a_end
        return sorted(self._found, key=lambda one: (one.start, -one.end))

    def _read(self, here: Sentence, asked: list[Anaphor], place: Place) -> None:
        """Answer the anaphors of one sentence and note its names, in their order."""
        named = list(here.named)
        at = 0
        for one in asked:
            while at < len(named) and named[at].start <= one.start:
                self._pass(here, named[at], place)
                at += 1
            if not any(name.start <= one.start < name.end for name in named[max(at - 1, 0) : at]):
                self._answer(here, one, place)
        for name in named[at:]:
            self._pass(here, name, place)

    def _pass(self, here: Sentence, name: Named, place: Place) -> None:
        """Note a name, and answer ``TikTok's parent``."""
        self._note(name, place)
        phrase = here.owned_by(name)
        if phrase is None:
            return
        if epithets.link_of(phrase.epithet.head) is not None:
            owned = self._owned(here, phrase, name.entity_id, "")
        elif self._kinds[name.entity_id] == "person":
            owned = self._employer(phrase, name.entity_id)
        else:
            return
        self._keep(here, phrase, owned, name.start, place)

    def _note(self, name: Named, place: Place) -> None:
        stands = name.standing
        role = stands.role if stands.of == "subject" or stands.role != "owner" else "other"
        self._memory.note(
            Candidate(
                name.entity_id,
                self._kinds[name.entity_id],
                name.start,
                role,
                stands.listed,
                stands.minor,
            ),
            place,
        )

    def _answer(self, here: Sentence, one: Anaphor, place: Place) -> None:
        word = here.word_at(one.start)
        phrase = phrase_from(here.words, word, here.text) if one.kind == "phrase" else None
        if one.kind == "phrase":
            if phrase is None:
                return
            name = None
            if one.indefinite:
                if not here.introduces(phrase):
                    return
                self._introduced[phrase.epithet.head] = place.sentence
            elif (made := here.stood_behind(phrase)) is not None:
                name = self._related(made.entity_id, "maker")
            elif not narrowed(here.words, phrase):
                name = self._described(here, phrase, place)
            if name is None:
                self._unnamed(here, phrase, one.start, place)
            else:
                self._keep(here, phrase, name, one.start, place)
            return
        name = self._pronoun(here, one, word, place)
        if name is None or name not in self._kinds:
            return
        self._found.append(Reference(one.start, one.end, name))
        self._note(here.add(name, one.start, one.end), place)
        if here.words.lower[word] in POSSESSIVE:
            phrase = phrase_from(here.words, word, here.text)
            if phrase is not None:
                owned = self._owned(here, phrase, name, here.words.lower[word])
                self._keep(here, phrase, owned, one.start, place)

    def _keep(
        self, here: Sentence, phrase: Phrase, name: str | None, start: int, place: Place
    ) -> None:
        if name is not None and name in self._kinds:
            end = here.end_of(phrase.head)
            self._found.append(Reference(start, end, name))
            self._note(here.add(name, start, end), place)

    def _unnamed(self, here: Sentence, phrase: Phrase, start: int, place: Place) -> None:
        """Note someone without a name: a pronoun after it may mean them, and then no one."""
        if (kind := epithets.type_of(phrase.epithet)) is not None:
            stands = here.standing_of(start, here.end_of(phrase.head))
            self._memory.note(
                Candidate(_NOBODY, kind, start, stands.role, stands.listed, stands.minor), place
            )

    def _pronoun(self, here: Sentence, one: Anaphor, word: int, place: Place) -> str | None:
        if one.kind == "thing":
            return None if stands_for_nothing(here.words, word) else self._thing(here, word, place)
        return self._person(here, word, one.kind, place)

    def _thing(self, here: Sentence, word: int, place: Place) -> str | None:
        barred = here.barred(word)
        itself = here.words.lower[word] == "itself"
        taken = here.standing_at(word).role == "object"

        def fit(one: Candidate) -> float:
            if one.type == "person" or one.entity_id in barred:
                return 0.0
            alike = taken and one.role == "object" and one.type in _MADE
            return 1.0 + _THING_WEIGHT.get(one.type, 0.0) + _ALIKE * alike

        return self._memory.best(place, fit, sentences=0 if itself else 2, paragraphs=0)

    def _person(self, here: Sentence, word: int, gender: str, place: Place) -> str | None:
        barred = here.barred(word) | here.named_after(word)

        def fit(one: Candidate) -> float:
            if one.type != "person" or one.entity_id in barred:
                return 0.0
            entry = self._entries.get(one.entity_id)
            return float((entry.gender or "male") == gender if entry else True)

        return self._memory.best(place, fit, sentences=2, paragraphs=1)

    def _described(self, here: Sentence, phrase: Phrase, place: Place) -> str | None:
        """``the company``, ``the Chinese startup``, ``the Claude maker``."""
        epithet = phrase.epithet
        if place.sentence - self._introduced.get(epithet.head, -9) <= 1:
            return None
        relation = epithets.link_of(epithet.head)
        inner = here.names_in(phrase)
        if inner and relation:
            return self._related(inner[-1].entity_id, relation)
        if inner and self._kinds[inner[-1].entity_id] != "country":
            return None
        lead = self._lead if not epithet.modifiers else None

        def fit(one: Candidate) -> float:
            if one.entity_id == _NOBODY:
                return 0.0
            entry = self._entries.get(one.entity_id)
            weight = epithets.fits(epithet, one.type, entry, self._nations)
            return weight + _LEAD_WEIGHT if weight and one.entity_id == lead else weight

        if lead and self._memory.gone(lead, fit):
            lead = None
        return self._memory.best(place, fit, sentences=6, paragraphs=2)

    def _owned(self, here: Sentence, phrase: Phrase, owner: str, pronoun: str) -> str | None:
        """``his hedge fund, High-Flyer``, ``its parent``, ``TikTok's parent``, ``his lab``."""
        epithet = phrase.epithet
        apposed = here.apposed(phrase)
        if apposed is not None and epithets.apposable(epithet, self._kinds[apposed]):
            return apposed
        if (relation := epithets.link_of(epithet.head)) is not None:
            return self._related(owner, relation)
        entry = self._entries.get(owner)
        firm = pronoun in ("his", "her") and epithets.type_of(epithet) in _ORGANISATIONS
        return entry.of if entry and firm else None

    def _employer(self, phrase: Phrase, owner: str) -> str | None:
        """``Lisa Su's firm``: what a person stands for."""
        entry = self._entries.get(owner)
        firm = epithets.type_of(phrase.epithet) in _ORGANISATIONS
        return entry.of if entry and firm and not phrase.epithet.modifiers else None

    def _related(self, name: str, relation: str) -> str | None:
        """The maker or parent of a thing, or the person who stands for an organisation."""
        entry = self._entries.get(name)
        if relation == "leader":
            leaders = sorted(
                person
                for person in self._memory.people()
                if (known := self._entries.get(person)) and known.of == name
            )
            return leaders[0] if len(leaders) == 1 else None
        return (entry.maker or entry.parent) if entry else None
