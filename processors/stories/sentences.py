"""Sentences of a text for comparing it with its copies: their words, names and figures.

Everything here is linear in the text: sentences are split at signs, not parsed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

import msgspec

from processors.stories.common_words import COMMON_WORDS
from processors.stories.wording import WORD, is_credit, plain, without_dateline

_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+|\n+")
_NUDGE = re.compile(
    r"\W*(?:subscribe|sign up|follow us|click here|share this|advertisement|all rights reserved"
    r"|read (?:more|also|next)|in brief|update|corrects?|correction"
    r"|this (?:story|material|article|report) (?:has been|may not|was))\b",
    re.IGNORECASE,
)
"""What pages say to readers, not in the report: alone in a sentence, or in front of one."""
_FRONT = re.compile(r"\W*(?:in brief|update[d0-9]?|correction|corrected)\s*:\s*", re.IGNORECASE)
_LONGEST_NUDGE = 15
"""Words: a longer sentence is text, whatever it begins with."""


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """``names`` are words with a capital, ``figures`` words that begin with a digit."""

    words: tuple[str, ...]
    names: frozenset[str]
    figures: frozenset[str]

    @property
    def first(self) -> str:
        return self.words[0]


def word_runs(text: str) -> Iterator[list[str]]:
    """The words of each sentence as they are written, without credits and what pages add."""
    for part in _END.split(plain(unicodedata.normalize("NFKC", text))):
        front = _FRONT.match(part)
        line = without_dateline(part[front.end() :] if front else part)
        words = WORD.findall(line)
        short = len(words) <= _LONGEST_NUDGE
        if words and not is_credit(line) and not (short and _NUDGE.match(line)):
            yield words


def sentences(text: str) -> tuple[Sentence, ...]:
    """All of a text. A word that the text also writes small is no name, nor a common one."""
    runs = list(word_runs(text))
    small = {word for words in runs for word in words if word[0].islower()}
    return tuple(_sentence(words, small) for words in runs)


def _sentence(words: list[str], small: set[str]) -> Sentence:
    folded = tuple(word.casefold() for word in words)
    pairs = list(zip(words, folded, strict=True))
    return Sentence(
        folded,
        frozenset(
            low
            for word, low in pairs
            if word[0].isupper() and low not in small and low not in COMMON_WORDS
        ),
        frozenset(low for word, low in pairs if word[0].isdigit()),
    )


class Swaps(msgspec.Struct, frozen=True):
    """In sentences that two texts share: names that are the same, and that stand for others."""

    same: int = 0
    swapped: int = 0

    @property
    def share(self) -> float:
        return self.swapped / (self.same + self.swapped) if self.swapped else 0.0


def swapped_names(one: tuple[Sentence, ...], other: tuple[Sentence, ...]) -> Swaps:
    """How many names of one text are others in the sentences of the other that say the same.

    A name is swapped when each side has one that the other side's sentence has not. A name that a
    side only leaves out, or adds, is none.
    """
    where: dict[tuple[str, str], int] = {}
    for at, sentence in enumerate(other):
        for pair in zip(sentence.words, sentence.words[1:], strict=False):
            where.setdefault(pair, at)
    same = swapped = 0
    for sentence in one:
        match = _match(sentence, other, where)
        if match is None:
            continue
        swapped += min(
            len(sentence.names.difference(match.words)), len(match.names.difference(sentence.words))
        )
        # The first word of a sentence has a capital in any case, and says nothing when it stays.
        same += len((sentence.names & match.names) - {sentence.first})
    return Swaps(same, swapped)


def _match(
    sentence: Sentence, others: tuple[Sentence, ...], where: dict[tuple[str, str], int]
) -> Sentence | None:
    """The sentence with most pairs of words in common, if half of the shorter one is."""
    pairs = set(zip(sentence.words, sentence.words[1:], strict=False))
    met = Counter(where[pair] for pair in pairs if pair in where)
    if not met:
        return None
    found = others[min(met, key=lambda at: (-met[at], at))]
    words, theirs = set(sentence.words), set(found.words)
    return found if 2 * len(words & theirs) >= min(len(words), len(theirs)) else None
