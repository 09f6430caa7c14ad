"""What a name is in its sentence, read off the words round it: no grammar is asked.

Each word gets a class of one letter, so that the rules can be patterns over a string of letters.
What is right of a name's phrase tells whether a verb follows, what is left of it whether a
preposition or a verb governs it. Wrong for the odd sentence, but linear and very cheap.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final, Literal

import msgspec
from spacy.tokens import Doc

from processors.nlp.word_kinds import BE, kind_of, stem_is
from processors.nlp.wordlists import words as word_list

type Role = Literal["subject", "owner", "object", "other"]


class Standing(msgspec.Struct, frozen=True):
    """How a name stands in its sentence."""

    role: Role
    """``owner``: possessor or first part of a phrase (``Nvidia's sales``, ``Nvidia chips``)."""
    of: Role = "other"
    """What the whole phrase is; for names that are no owner, their role."""
    verb: int = -1
    """Number of the word that governs it as subject or object; -1 where none is known."""
    passive: bool = False
    """Whether that verb is in the passive."""
    preposition: str = ""
    """The one right before the phrase."""
    listed: bool = False
    """One of several joined by ``and`` or ``or``."""
    minor: bool = False
    """In a clause that hangs on another: ``after Nvidia left``."""

    @property
    def deed(self) -> Literal["agent", "patient", "owner", ""]:
        """Who acts and who is acted on, the passive turned round."""
        if self.role == "owner":
            return "owner"
        if self.role == "subject":
            return "patient" if self.passive else "agent"
        if self.role == "object":
            return "patient"
        return "agent" if self.passive and self.preposition == "by" else ""


_TOKEN = re.compile(
    r"(['’](?:s|t|re|ve|ll|d|m)?(?!\w)|[^\W_]+(?:[.&‐‑-][^\W_]+)*"
    r"|[^\w\s'’])"
)
_BY_NEIGHBOUR: Final = frozenset("oveD#")
"""Classes of words that the word before them changes, or that change it."""
_REACH = 40
"""Words that a rule looks ahead."""
_OWNED = re.compile(r"oa{0,3}[veg]?[nNeg#T]{0,12}(?:(?<=[nNegT])o[nNeg#T]{1,12})?")
_COMPOUND = re.compile(r"(?:[nNe#]|g(?=[nNe])){1,12}")
_LISTED = re.compile(r"(?:,[nNeD#]{1,5}){0,12},?c")
_SIDE_BY_SIDE: Final = frozenset({"but", "so", "yet", "then", "thus"})
_LEFT: Final = frozenset("nNe#ga")
_OPENINGS: Final = frozenset('br.:("c,')
_VERBS: Final = frozenset("vxeg")
SPEECH: Final = word_list("speech")


class Words:
    """The words of one sentence and their classes.

    ``n`` noun or unknown, ``N`` part of a name, ``v`` finite verb or participle, ``e`` base form,
    ``g`` form in -ing, ``x`` auxiliary, ``p`` preposition, ``q`` preposition or conjunction,
    ``t`` to, ``c`` and, ``b`` other conjunction, ``r`` relative, ``s`` pronoun, ``D`` determiner,
    ``a`` adverb, ``o`` possessive, ``T`` time, ``#`` figure, and signs.
    """

    def __init__(self, text: str, names: Sequence[tuple[int, int]]) -> None:
        pieces = _TOKEN.split(text)  # words between what is none
        self.lower = list(map(str.lower, pieces[1::2]))
        self.starts = list(accumulate(map(len, pieces)))[:-1:2]
        kinds = list(map(kind_of, self.lower))
        for start, end in names:
            for i in range(bisect_left(self.starts, start), bisect_left(self.starts, end)):
                if kinds[i] not in "Ds":
                    kinds[i] = "N"
        for i in range(1, len(kinds)):
            if kinds[i] not in _BY_NEIGHBOUR:
                continue
            before = kinds[i - 1]
            if kinds[i] == "o" and before == "s":
                kinds[i] = "x"
            elif kinds[i] in "ve" and before in "oD#":
                kinds[i] = "n" if kinds[i] == "e" else kinds[i]
            elif kinds[i] == "e" and before in "xts":
                kinds[i] = "v"
            elif kinds[i] in "D#" and i > 1 and before == "n" and kinds[i - 2] == "N":
                # A word in -s between a name and a figure or article: ``packs 123``.
                kinds[i - 1] = "v" if self.lower[i - 1].endswith("s") else "n"
        self.kinds = "".join(kinds)

    def text_of(self, i: int, sentence: str) -> str:
        """A word as the sentence has it, capitals kept."""
        return sentence[self.starts[i] : self.starts[i] + len(self.lower[i])]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The numbers of the words between two offsets, the end not included."""
        i = bisect_left(self.starts, start)
        return i, max(bisect_left(self.starts, end), i + 1)


def role_of(doc: Doc, start: int, end: int) -> Role:
    """The role of one name, by its offsets in the text. For many names: ``standings``."""
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None:
        return "other"
    sent = span.sent
    at = sent.start_char
    inside = [
        (one.start - at, one.end - at)
        for one in doc._.mentions or ()
        if at <= one.start < sent.end_char
    ]
    return standings(sent.text, [*inside, (start - at, end - at)])[-1].role


def standings(sentence: str, names: Sequence[tuple[int, int]]) -> list[Standing]:
    """How each of a sentence's names stands, in their order; offsets count from its start.

    All names that are known should be among ``names``, for what is known as a name is no verb.
    """
    words = Words(sentence, names)
    return list(standings_of(words, names))


def standings_of(words: Words, names: Sequence[tuple[int, int]]) -> list[Standing]:
    """As ``standings``, of a sentence whose words are known."""
    found: dict[int, Standing] = {}
    """By the number of the word after the name, for names that go on a list."""
    made = []
    for start, end in names:
        first, after = words.span(start, end)
        one = _standing(words, first, after, found) if first < len(words.kinds) else _NONE
        found[after] = one
        made.append(one)
    return made


_NONE: Final = Standing("other")


def _standing(words: Words, i: int, j: int, listed: Mapping[int, Standing]) -> Standing:
    """How the name of the words ``i`` to ``j`` stands."""
    kinds = words.kinds
    first = _phrase_start(words, i)
    left = kinds[first - 1] if first else "."
    end = _phrase_end(words, j, left)
    owner = end > j
    verb = verb_after(words, end, listed=bool(first > 1 and left == "c"))
    straight = verb >= 0 and set(kinds[end:verb]) <= {"a"}
    goes_on = left == "c" or (left == "," and _LISTED.match(kinds, end))
    joined = _goes_on(words, first, listed) if goes_on else None
    shared = bool(kinds[j : j + 1] == "c" and kinds[j + 1 : j + 2] in tuple("NnD#ag"))
    made = _by_left(words, first, left, verb, straight=straight)
    if joined is not None and not (straight and joined.role in ("object", "other")):
        verb = joined.verb if joined.verb >= 0 else verb
        made = Standing(joined.of, joined.of, verb, joined.passive, joined.preposition)
        shared = True
    of = made.role
    role: Role = "owner" if owner else of
    minor = left in "qr" or (left == "b" and words.lower[first - 1] not in _SIDE_BY_SIDE)
    return msgspec.structs.replace(made, role=role, of=of, listed=shared, minor=minor)


def _by_left(  # noqa: PLR0911 - one answer a class of word
    words: Words, first: int, left: str, verb: int, *, straight: bool
) -> Standing:
    """The standing of a phrase by the word before it, ``verb`` being the one that follows it."""
    before = words.lower[first - 1] if first else ""
    subject = Standing("subject", verb=verb, passive=_is_passive(words, verb))
    if left in "pt" or (left == "q" and not straight):
        by = before == "by" and first > 1 and words.kinds[first - 2] == "v"
        return Standing("other", preposition=before, passive=by)
    if left in _VERBS or left == "e":
        asks = left == "x" and (first < 2 or words.kinds[first - 2] in '.:"')
        said = stem_is(before, SPEECH)
        if (straight and (said or words.kinds[verb] == "x" or left == "x")) or asks:
            return subject
        if said and first > 1 and words.kinds[first - 2] in ',"':
            return Standing("subject", verb=first - 1)
        return Standing("object", verb=first - 1)
    if left == "s" and not straight:
        return Standing("object")
    if left in ",c" and verb < 0:
        return Standing("other")
    return subject if verb >= 0 else Standing("other")


def _phrase_end(words: Words, j: int, left: str) -> int:
    """The end of the phrase that a name's words begin: ``Nvidia's sales``, ``Nvidia chips``."""
    kinds = words.kinds
    found = (_OWNED if kinds[j : j + 1] == "o" else _COMPOUND).match(kinds, j)
    if found is None or (left in "cx" and kinds[j] == "e"):
        return j
    end = found.end()
    # One unknown word in -s after a name is the verb of a sentence that has no other.
    lone = (
        left in _OPENINGS
        and kinds[j] == "n"
        and words.lower[j].endswith("s")
        and verb_after(words, end) < 0
    )
    return j if lone else end


def _phrase_start(words: Words, i: int) -> int:
    """The first word of the phrase that ends in a name: ``its rival OpenAI``."""
    kinds, k = words.kinds, i
    while k and i - k < _REACH:
        left = kinds[k - 1]
        if left == "D":
            return k - 1
        if left == "o" and k > 1 and kinds[k - 2] in "nN":
            k -= 2
        elif (
            left not in _LEFT
            or (left == "g" and (k == i or kinds[k] == "N"))
            or (left == "e" and k > 1 and kinds[k - 2] in "N")
        ):
            break
        else:
            k -= 1
    return k


def verb_after(  # noqa: PLR0911, PLR0912 - one branch a class of word
    words: Words, at: int, *, listed: bool = False
) -> int:
    """The number of the verb whose subject a phrase before ``at`` can be; -1 for none.

    Passed over are adverbs, prepositions with their nouns, and what stands between two commas.
    """
    kinds, stop = words.kinds, min(len(words.kinds), at + _REACH)
    aside = False
    relative = 0
    while at < stop:
        kind = kinds[at]
        if kind in "vx" or (kind == "e" and (listed or words.lower[at - 1].endswith("s"))):
            if not relative:
                return at
            relative -= kind == "v" or kinds[at + 1 : at + 2] not in tuple("vaeg")
        elif kind == ",":
            if aside or kinds[at + 1 : at + 2] == "x":
                return -1
            if more := _LISTED.match(kinds, at, stop):
                at, listed = more.end(), True
                continue
            after = kinds.find(",", at + 1, stop)
            if after < 0:
                return -1
            at = after
            listed = listed or kinds[at + 1 : at + 2] == "c"
            aside = kinds[at + 1 : at + 2] not in ("c", "N", "D")
            if kinds[at + 1 : at + 2] == "n" and words.lower[at + 1].endswith("s"):
                return at + 1
        elif kind == "(":
            after = kinds.find("(", at + 1, stop)
            at = after if after >= 0 else stop
        elif kind == "c":
            if kinds[at + 1 : at + 2] in ("v", "x"):
                return -1
            listed = True
        elif kind == "r":
            relative = 1
        elif kind in 'b.:s"':
            return -1
        at += 1
    return -1


def _goes_on(words: Words, first: int, known: Mapping[int, Standing]) -> Standing | None:
    """The standing of the name that a list goes on from: ``Meta, Google and AMD``."""
    at = first - 1
    if at > 0 and words.kinds[at] == "c" and words.kinds[at - 1] == ",":
        at -= 1
    return known.get(at)


def _is_passive(words: Words, verb: int) -> bool:
    """Whether the verb that begins at a word is in the passive (``was quickly sold``)."""
    kinds, k = words.kinds, verb
    be = False
    while 0 <= k < min(len(kinds), verb + _REACH) and kinds[k] in "xa":
        be = be or words.lower[k] in BE
        k += 1
    return be and k < len(kinds) and kinds[k] == "v" and not words.lower[k].endswith("ing")


def clause_verbs(words: Words, at: int) -> range:
    """The numbers of the words of the verb to the left of ``at``, auxiliaries included."""
    kinds, k = words.kinds, at - 1
    while k >= 0 and kinds[k] not in "vexg":
        if kinds[k] in 'b.:r"(' or at - k > _REACH:
            return range(0)
        k -= 1
    end = k + 1
    while k > 0 and kinds[k - 1] in "vexga" and end - k < _REACH:
        k -= 1
    return range(max(k, 0), max(end, 0))
