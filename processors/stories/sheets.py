"""What is kept of each text of a batch to find its copies: 64-bit numbers of runs of words.

A *sheet* is the sorted set of a text's runs of three words (shingles), as numbers that are the same
on every machine. Sentences that texts with nothing else in common share (a newsletter's invitation,
a publisher's notice) are left out of all of them: *furniture*.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from processors.stories.sentences import word_runs

SHINGLE = 3
FEWEST_TEXTS = 4
"""A sentence of fewer texts is no furniture."""
_MIX = np.uint64(0x9E3779B97F4A7C15)
_TWIST = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF = np.uint64(31)

type Numbers = NDArray[np.uint64]


class Words:
    """The words of a text as numbers, sentence by sentence."""

    def __init__(self, numbers: Numbers, ends: NDArray[np.int64]) -> None:
        self.numbers = numbers
        self.ends = ends
        """Where each sentence ends."""

    def sentences(self) -> Numbers:
        """One number a sentence."""
        starts = np.concatenate(([0], self.ends[:-1])) if len(self.ends) else self.ends
        pairs = zip(starts.tolist(), self.ends.tolist(), strict=True)
        found = (_number(self.numbers[start:end].tobytes()) for start, end in pairs)
        return np.fromiter(found, np.uint64, len(self.ends))

    def without(self, furniture: Numbers) -> Numbers:
        """The words of all other sentences, one after the other."""
        if not len(furniture) or not len(self.ends):
            return self.numbers
        kept = ~np.isin(self.sentences(), furniture)
        lengths = np.diff(np.concatenate(([0], self.ends)))
        return self.numbers[np.repeat(kept, lengths)]


class Counting:
    """Makes numbers of words; each word's is made once."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def words(self, text: str) -> Words:
        numbers: list[int] = []
        ends: list[int] = []
        for run in word_runs(text):
            numbers += map(self._word, run)
            ends.append(len(numbers))
        return Words(np.array(numbers, np.uint64), np.array(ends, np.int64))

    def _word(self, word: str) -> int:
        number = self._known.get(word)
        if number is None:
            number = self._known[word] = _number(word.casefold().encode("utf-8", "surrogatepass"))
        return number


def sheet(words: Numbers) -> Numbers:
    """The sorted shingles of a text."""
    size = len(words) - SHINGLE + 1
    if size <= 0:
        return np.empty(0, np.uint64)
    found = words[:size].copy()
    for at in range(1, SHINGLE):
        found = found * _MIX + words[at : at + size]
    found = (found ^ (found >> _HALF)) * _TWIST
    return np.unique(found ^ (found >> _HALF))


def furniture(texts: Iterable[Words]) -> Numbers:
    """Sentences that stand in several texts, behind ever another sentence.

    A text and its copies have theirs behind the same one.
    """
    sentences, behind = _neighbours(texts)
    if not len(sentences):
        return sentences
    pairs = np.unique(np.stack([sentences, behind], axis=1), axis=0)
    found, places = np.unique(pairs[:, 0], return_counts=True)
    _, times = np.unique(sentences, return_counts=True)
    return found[(places >= FEWEST_TEXTS) & (2 * places >= times)]


def _neighbours(texts: Iterable[Words]) -> tuple[Numbers, Numbers]:
    """Each sentence of each text, and the one before it (0: none)."""
    parts: list[Numbers] = []
    befores: list[Numbers] = []
    nothing = np.zeros(1, np.uint64)
    for text in texts:
        own = text.sentences()
        parts.append(own)
        befores.append(np.concatenate((nothing, own[:-1])) if len(own) else own)
    return _joined(parts), _joined(befores)


def _joined(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def _number(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest())
