"""What an article is about, as weighted terms: names above words, its beginning above the rest.

Names decide. Reports of two fires, trials or funding rounds share their words and differ in people,
firms and places; a term that is written with a capital more often than without counts as one.
"""

from collections import Counter
from functools import lru_cache
from itertools import islice
from math import log

from processors.query.terms import pieces, terms
from processors.stories.common_words import AT_TIMES, EVERYWHERE, KNOWN_NAMES, OFTEN

NAME = 3.0
"""A name weighs so many times as much as a word."""
LEAD = 50
"""Words at the beginning that count twice: they say what happened."""
MOST_WORDS = 2000
"""Of a text; what comes later changes nothing."""

BACKGROUND = 1000
"""Reports that the shares below count for, beside those of a batch."""
RARE = 0.002
"""In so many reports is a term that is not listed."""

_LONGEST_KEPT = 32

type Profile = dict[str, float]


def _shares() -> dict[str, float]:
    shares: dict[str, float] = {}
    for words, share in ((KNOWN_NAMES | AT_TIMES, 0.04), (OFTEN, 0.15)):
        shares |= dict.fromkeys((term for word in sorted(words) for term in terms(word)), share)
    return shares


_SHARES = _shares()
_NOTHING = frozenset(term for word in EVERYWHERE for term in terms(word))


def profile(title: str, text: str) -> Profile:
    """The terms of an article with their weights, before how rare each is."""
    count: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for at, word in enumerate(islice(f"{title}\n{text}".split(), MOST_WORDS)):
        for term, sign in _told(word) if len(word) <= _LONGEST_KEPT else _read(word):
            count[term] += 2 if at < LEAD else 1
            capital[term] += sign
    return {term: _weight(times, capital[term]) for term, times in count.items()}


def _read(word: str) -> tuple[tuple[str, int], ...]:
    """The terms of what stands between white space that say something: 1 for a capital, or -1."""
    return tuple(
        (term, 1 if word[start].isupper() else -1)
        for piece in pieces(word)
        for term, (start, _) in zip(piece.terms, piece.spans, strict=True)
        if term not in _NOTHING and (len(term) > 1 or term.isdigit())
    )


_told = lru_cache(maxsize=65_536)(_read)
"""Texts repeat words; long ones are rarely met again."""


def _weight(times: int, capital: int) -> float:
    weight = 1 + log(times)
    return weight * NAME if capital > 0 else weight


def rarity(term: str, found: int = 0, reports: int = 0) -> float:
    """How much a term says, by how many of a batch's reports have it, and of others."""
    share = _SHARES.get(term, RARE)
    return log((reports + BACKGROUND) / (found + BACKGROUND * share))
