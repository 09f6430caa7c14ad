"""The words of made-up coverage: as many different ones, and as unevenly used, as in news."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random

import msgspec

SIZE = 120_000
"""Different words of the pool; names and rare words come on top."""
EXPONENT = 1.05
"""Of Zipf's law with Mandelbrot's shift, as fitted to English text."""
SHIFT = 2.7
_ONSETS = ("b", "br", "c", "cl", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pl", "r", "s",
           "st", "t", "tr", "v", "w")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ea", "ou")
_CODAS = ("", "l", "n", "r", "s", "t", "ck", "nd")
_ENDINGS = ("", "", "s", "ed", "ing", "er", "ment", "ly")
_WORD = re.compile(r"[a-z]{2,}")


class Vocabulary(msgspec.Struct, frozen=True):
    """Words, the most frequent first, and the sums of their weights."""

    words: tuple[str, ...]
    sums: tuple[float, ...]

    def draw(self, random: Random, count: int) -> list[str]:
        """Words as text has them; the same ones for the same state of ``random``."""
        return random.choices(self.words, cum_weights=self.sums, k=count)


@cache
def vocabulary() -> Vocabulary:
    """The frequent words are those of the bench's own articles, in their order."""
    text = (files("services.bench") / "content" / "coverage.txt").read_text("utf-8")
    counted = Counter(_WORD.findall(text.lower()))
    head = [word for word, _ in counted.most_common()]
    known = set(head)
    made = (rare_word(number) for number in range(2 * SIZE))
    tail = [word for word in dict.fromkeys(made) if word not in known]
    return zipf([*head, *tail][:SIZE])


def zipf(words: Sequence[str], exponent: float = EXPONENT) -> Vocabulary:
    """Words used by their rank."""
    weights = (1 / (rank + SHIFT) ** exponent for rank in range(1, len(words) + 1))
    return Vocabulary(tuple(words), tuple(accumulate(weights)))


def random_of(number: int) -> Random:
    """Chance that comes out the same for the same number."""
    return Random(number)  # noqa: S311 - no secret


def rare_word(number: int) -> str:
    """The word of a number; different numbers have different words, but for a few."""
    syllables: list[str] = []
    rest = number
    while not syllables or rest:
        rest, coda = divmod(rest, len(_CODAS))
        rest, vowel = divmod(rest, len(_VOWELS))
        rest, onset = divmod(rest, len(_ONSETS))
        syllables.append(_ONSETS[onset] + _VOWELS[vowel] + _CODAS[coda])
    return "".join(syllables) + _ENDINGS[number % len(_ENDINGS)]
