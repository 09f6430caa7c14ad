"""Words and phrases that can stand for an entity named before: where they are and what they ask.

They are found in the text first, by pattern; only then are the words round them looked at.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal

import msgspec

from processors.nlp import epithets
from processors.nlp.epithets import Epithet
from processors.nlp.roles import Words, verb_after
from processors.nlp.runs import Runs, first_run, found_at
from processors.nlp.word_kinds import BE, stem_is
from processors.nlp.wordlists import words as word_list

type Kind = Literal["thing", "male", "female", "phrase"]
_FOUND = re.compile(
    r"\b(?:it(?:s|self)?|h(?:e|im|is|imself|er|ers|erself)|she|th(?:e|is|at)|an?)\b"
)
_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("it", "its", "itself"), "thing"),
    **dict.fromkeys(("he", "him", "his", "himself"), "male"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "female"),
}
_ASKED: Final = frozenset(_KINDS) | {"the", "this", "that", "a", "an"}
"""What ``_FOUND`` finds."""
POSSESSIVE: Final = frozenset({"its", "his", "her"})
_HYPHENS: Final = str.maketrans("‐‑", "--")
_WINDOW = 80
"""Characters after an article in which its noun must stand."""
_NOUN = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_INSIDE: Final = frozenset("nNevg#aoT")
_RESTRICTING: Final = frozenset({"with", "behind", "of", "in", "whose", "who", "that", "which"})
_TAKING: Final = word_list("taking")
_ASKING: Final = word_list("asking")
_EMPTY: Final = word_list("empty")
_MESSAGE: Final = word_list("message")
_JUDGED: Final = word_list("judged")
_LASTS, _STAYS = frozenset({"take"}), frozenset({"turn", "remain"})
_TOLD: Final = (["said"], ["believed"], ["thought"], ["reported"], ["understood"], ["hoped"])
_ENDS: Final[tuple[list[str], ...]] = ([], ["."], [","])
"""After a verb without an object: ``it is hard to beat.`` is about something."""
_GOES_ON: Final = frozenset({"that", "to", "for", "how", "whether", "if", "why", "when", "what"})


class Anaphor(msgspec.Struct, frozen=True):
    """A pronoun, or the article of a phrase whose noun we understand; offsets in the text."""

    start: int
    end: int
    kind: Kind
    indefinite: bool = False


def anaphors(text: str, runs: Runs) -> Iterator[Anaphor]:
    """All that may be one, in the order of the text, whose ``runs`` are known."""
    lowered, nouns = runs.lower, epithets.known_nouns()
    named = [place for place, _ in runs.among(_first_words())]
    for found in found_at(_FOUND, lowered, (place for place, _ in runs.among(_ASKED))):
        start, end = found.span()
        kind = _KINDS.get(found[0], "phrase")
        if kind == "phrase":
            following = bisect_left(named, end)
            if following == len(named) or named[following] - end >= _WINDOW:
                continue
            near = _NOUN.findall(lowered, end, end + _WINDOW)
            if nouns.isdisjoint(near):
                continue
        elif text[start:end].isupper():
            continue  # IT, US, HE: a heading or a short form
        yield Anaphor(start, end, kind, found[0][0] == "a")


@cache
def _first_words() -> frozenset[str]:
    """The words that known nouns begin with (``start-up``), in the plural too."""
    first = set(map(first_run, epithets.known_nouns()))
    return frozenset(first | {word + "s" for word in first})


def is_taking(verb: str) -> bool:
    """Whether a verb's subject takes its object from someone else: ``hired its founder``."""
    return stem_is(verb, _TAKING)


def is_asking(verb: str) -> bool:
    """Whether a verb's object does what follows: ``asked AMD to help it``."""
    return stem_is(verb, _ASKING)


class Phrase(msgspec.Struct, frozen=True):
    """A definite phrase: the numbers of its words and what it says."""

    first: int
    head: int
    epithet: Epithet


def phrase_from(words: Words, article: int, text: str) -> Phrase | None:
    """The phrase that an article, a possessive pronoun or a possessor's ``'s`` opens."""
    kinds, k = words.kinds, article + 1
    while k < len(kinds) and k - article < 8 and kinds[k] in _INSIDE:
        if kinds[k] == "o" and words.lower[k - 1] in epithets.known_nouns():
            break
        noun = words.lower[k] in epithets.known_nouns()
        if kinds[k] in "ve" and not noun and kinds[article + 1 : k].strip("a"):
            break
        k += 1
    head = k - 1
    lone = kinds[head : head + 1] == "n" and words.lower[head].endswith("s")
    if lone and head - 1 > article and verb_after(words, k) < 0:
        head -= 1  # ``the company mulls a bid``
    while head > article and kinds[head] in "aoT#":
        head -= 1
    if head <= article or kinds[head] == "N":
        return None
    inside = [words.text_of(i, text) for i in range(article + 1, head)]
    epithet = epithets.read_epithet(words.lower[head].translate(_HYPHENS), inside)
    return Phrase(article, head, epithet) if epithet else None


def narrowed(words: Words, phrase: Phrase) -> bool:
    """Whether what follows picks one out (``the company that``), or what stands before explains."""
    after = words.lower[phrase.head + 1] if phrase.head + 1 < len(words.lower) else ""
    return after in _RESTRICTING or words.kinds[max(phrase.first - 2, 0) : phrase.first] == "N,"


def stands_for_nothing(words: Words, at: int) -> bool:
    """Whether ``it`` is no one or a whole sentence: ``it is clear that``, ``makes it hard to``."""
    lower, kinds = words.lower, words.kinds
    if lower[at] != "it":
        return False
    before = lower[at - 1] if at else ""
    k = at + 1
    be = False
    while k < min(len(kinds), at + 9) and kinds[k] in "xa":
        be = be or lower[k] in BE
        k += 1
    rest = lower[k : k + 7]
    if not be:
        if before == "of" or (kinds[at - 1 : at] in tuple("vegx") and rest[:1] and _judged(rest)):
            return True
        return bool(rest) and _happens(rest, kinds[k : k + 7])
    told = rest[:1] in _TOLD and rest[1:2] != ["to"]
    return told or rest[:1] == ["time"] or _judged(rest)


def _happens(rest: list[str], kinds: str) -> bool:
    """Whether the words after ``it`` tell what seems, turns out, takes time or follows."""
    verb, after = rest[0], rest[1] if len(rest) > 1 else ""
    if stem_is(verb, _EMPTY):
        return after != "to"
    if stem_is(verb, _LASTS):
        return "T" in kinds and "to" in rest
    if stem_is(verb, _STAYS):
        return after in ("out", "to") or after in _JUDGED
    return stem_is(verb, _MESSAGE) and "that" in rest[1:3]


def _judged(rest: list[str]) -> bool:
    """Whether the words after ``it is`` judge what follows them."""
    for i, word in enumerate(rest):
        if word in _GOES_ON:
            judging = rest[:i]
            raised = word in ("to", "for") and not any(one in _JUDGED for one in judging)
            bare = word == "to" and rest[i + 2 : i + 3] in _ENDS
            return bool(judging) and not raised and not bare
        if word in ",.;":
            return False
    return False
