"""A sentence with the names in it and how each stands: what the choice of an antecedent asks."""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence

import msgspec

from processors.nlp.anaphors import Phrase, is_asking, is_taking, phrase_from
from processors.nlp.annotations import Mention
from processors.nlp.roles import Standing, Words, clause_verbs, standings_of
from processors.nlp.word_kinds import BE

_NEAR = 24
"""Names on each side that can bear on a word."""
_OF_IT = (["of"], ["behind"])
_BEHIND = dict.fromkeys(("maker", "developer", "owner", "creator", "parent"), _OF_IT)
"""Heads whose ``of`` names what is made or owned; of others only ``behind`` does."""
_CONTRASTING = frozenset({"unlike", "versus", "besides"})


class Named(msgspec.Struct, frozen=True):
    """A mention, or a phrase that was resolved; offsets in the document."""

    start: int
    end: int
    entity_id: str
    standing: Standing


class Sentence:
    """One sentence; the words count from 0."""

    def __init__(self, text: str, start: int, end: int, mentions: Sequence[Mention]) -> None:
        self.text = text[start:end]
        self._at = start
        spans = [(one.start - start, one.end - start) for one in mentions]
        self.words = Words(self.text, spans)
        self.named = [
            Named(one.start, one.end, one.entity_id, standing)
            for one, standing in zip(mentions, standings_of(self.words, spans), strict=True)
        ]
        self._starts = [one.start for one in self.named]
        self._resolved: deque[Named] = deque(maxlen=_NEAR)

    def add(self, entity_id: str, start: int, end: int) -> Named:
        """Take in a phrase that was resolved."""
        name = Named(start, end, entity_id, self.standing_of(start, end))
        self._resolved.append(name)
        return name

    def standing_of(self, start: int, end: int) -> Standing:
        """How another stretch of the sentence stands."""
        return standings_of(self.words, [(start - self._at, end - self._at)])[0]

    def standing_at(self, word: int) -> Standing:
        """How one word stands."""
        start = self.words.starts[word]
        return standings_of(self.words, [(start, start + len(self.words.lower[word]))])[0]

    def word_at(self, offset: int) -> int:
        """The number of the word at an offset of the document."""
        return bisect_right(self.words.starts, offset - self._at) - 1

    def end_of(self, word: int) -> int:
        """Where a word ends in the document."""
        return self._at + self.words.starts[word] + len(self.words.lower[word])

    def owned_by(self, name: Named) -> Phrase | None:
        """The phrase of a noun that a name owns: ``TikTok's parent``."""
        _, after = self.words.span(name.start - self._at, name.end - self._at)
        if self.words.kinds[after : after + 1] != "o":
            return None
        return phrase_from(self.words, after, self.text)

    def names_in(self, phrase: Phrase) -> list[Named]:
        """The names among the words of a phrase."""
        if "N" not in self.words.kinds[phrase.first + 1 : phrase.head]:
            return []
        low, high = self._at + self.words.starts[phrase.first], self.end_of(phrase.head)
        return [one for one in self._near(phrase.head) if low < one.start < high]

    def stood_behind(self, phrase: Phrase) -> Named | None:
        """The thing in ``the lab behind Claude`` and ``the maker of Cursor``."""
        after = phrase.head + 1
        if self.words.lower[after : after + 1] not in _BEHIND.get(
            phrase.epithet.head, (["behind"],)
        ):
            return None
        after += 1 + (self.words.lower[after + 1 : after + 2] == ["the"])
        if self.words.kinds[after : after + 1] != "N":
            return None
        start = self._at + self.words.starts[after]
        return next((one for one in self._near(after) if one.start == start), None)

    def apposed(self, phrase: Phrase) -> str | None:
        """The entity named right after a phrase: ``his hedge fund, High-Flyer``."""
        kinds, after = self.words.kinds, phrase.head + 1
        after += kinds[after : after + 1] == ","
        if kinds[after : after + 1] != "N":
            return None
        start = self._at + self.words.starts[after]
        return next((one.entity_id for one in self._near(after) if one.start == start), None)

    def introduces(self, phrase: Phrase) -> bool:
        """Whether a phrase with ``a`` brings in someone new, and does not describe a name."""
        kinds, first = self.words.kinds, phrase.first
        left = kinds[first - 1 : first]
        if left == "x" or kinds[max(first - 2, 0) : first] in ("N,", "x") or left == "":
            return False
        return kinds[phrase.head + 1 : phrase.head + 3] != ",N" and self.words.lower[
            first - 1
        ] not in ("as", "become", "became", "becomes", "remains", "into")

    def named_after(self, word: int) -> set[str]:
        """Entities named after a subject pronoun in its own clause: it is not them."""
        if self.standing_at(word).role != "subject":
            return set()
        low = self._at + self.words.starts[word]
        high = self._at + len(self.text)
        if word and self.words.kinds[word - 1] in "bq":
            comma = self.words.kinds.find(",", word, word + 40)
            high = self._at + self.words.starts[comma] if comma >= 0 else high
        return {one.entity_id for one in self._near(word) if low < one.start < high}

    def barred(self, word: int) -> set[str]:
        """Entities that grammar forbids: an object is not its own verb's subject."""
        contrasted = {
            one.entity_id for one in self._near(word) if one.standing.preposition in _CONTRASTING
        }
        return contrasted | self._barred_by_verb(word)

    def _barred_by_verb(self, word: int) -> set[str]:
        words = self.words
        if words.kinds[word] == "D":
            return self._owners_of_others(word)
        if words.lower[word].endswith("self") or words.kinds[word + 1 : word + 2] in ("v", "x"):
            return set()
        stands = self.standing_at(word)
        if stands.role == "subject" or (stands.role == "other" and not stands.preposition):
            return set()
        return self._subjects_of(word)

    def _owners_of_others(self, word: int) -> set[str]:
        """Whom a possessor is not: the name it explains, the subject of ``is`` and of ``hired``."""
        words = self.words
        before = words.kinds[word - 1] if word else ""
        if words.kinds[max(word - 2, 0) : word] == "N,":
            phrase_end = word + 1
            while words.kinds[phrase_end : phrase_end + 1] in tuple("nNeg#a"):
                phrase_end += 1
            if words.kinds[phrase_end : phrase_end + 1] in (",", ".", ""):
                edge = self._at + words.starts[word - 1]
                return {one.entity_id for one in self._near(word) if one.end == edge}
            return set()
        if before == "x" and words.lower[word - 1] in BE:
            return self._subjects_of(word, owners=True)
        verbs = clause_verbs(words, word)
        if not verbs or before not in ("v", "p"):
            return set()
        share = set(words.kinds[verbs.stop : word]) <= set("#npD")
        if share and is_taking(words.lower[verbs.stop - 1]):
            return self._subjects_of(word)
        return set()

    def _near(self, word: int) -> list[Named]:
        """The names round a word: enough of them, so that a list of thousands stays cheap."""
        at = bisect_right(self._starts, self._at + self.words.starts[word])
        return self.named[max(at - _NEAR, 0) : at + _NEAR]

    def _acting(self, word: int) -> set[int]:
        """The words of the verb that governs a word, and of verbs joined before it by ``and``."""
        kinds = self.words.kinds
        verbs = clause_verbs(self.words, word)
        found = set(verbs)
        for _ in range(2):
            first = verbs.start
            joint = kinds[first - 1 : first]
            if not verbs or joint not in ("c", ",", "t"):
                break
            verbs = clause_verbs(self.words, first - 1)
            if (
                joint == "t"
                and verbs
                and set(kinds[verbs.stop : first - 1]) & set("Ns")
                and (is_asking(self.words.lower[verbs.stop - 1]))
            ):
                break
            found.update(verbs)
        return found

    def _subjects_of(self, word: int, *, owners: bool = False) -> set[str]:
        verbs = self._acting(word)
        return {
            one.entity_id
            for one in (*self._near(word), *self._resolved)
            if one.standing.of == "subject"
            and one.standing.verb in verbs
            and (owners or one.standing.role == "subject")
        }
