"""The near-copies of a batch of texts: candidates by the shingles that few have, then exactly.

Two texts are copies when one has most of the shorter one's shingles, the longer one is no book
about it, and the sentences that they share are about the same names: reports that are made from one
form (a funding round, a new data centre) share their words and differ in what matters.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from processors.stories.sentences import Sentence, sentences, swapped_names
from processors.stories.sheets import Counting, Numbers, Words, furniture, sheet

COPIED = 0.55
"""So many of the shorter text's shingles stand in the longer one. Three words tell less than the
four of ``minhash``, and a rewrite leaves about two of three as they were."""
OF_LONGER = 0.04
"""So many of the longer one's are in the shorter one: a brief of 50 words of a report of 1,000."""
SWAPPED = 0.4
"""Of the names in common sentences: where more stand for others, the texts tell of others."""
FEWEST = 16
"""Shingles: a shorter text says too little, and has to be the same with its title."""
SKETCH = 128
"""Shingles of each text, those of the lowest numbers, by which candidates are looked up."""
_NEAR, _FEW = 8, 64
"""A shingle of many texts makes each a candidate of so many before it, or of one."""
_KEPT = 4096

type Pairs = NDArray[np.int64]


class Groups:
    """Which items belong together; the first of each group stands for it."""

    def __init__(self, size: int) -> None:
        self._of = list(range(size))

    def first(self, item: int) -> int:
        while self._of[item] != item:
            self._of[item] = self._of[self._of[item]]
            item = self._of[item]
        return item

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.first(one), self.first(other)))
        self._of[other] = one

    def all(self) -> list[int]:
        return [self.first(item) for item in range(len(self._of))]


def copies(texts: Sequence[str], titles: Sequence[str], tick: Callable[[], None]) -> list[int]:
    """For each text the first of its group. ``tick`` is called once a text."""
    counting = Counting()
    words: list[Words] = []
    for text in texts:
        words.append(counting.words(text))
        tick()
    common = furniture(words)
    bare = [each.without(common) for each in words]
    del words
    groups = Groups(len(texts))
    sheets = [sheet(each) for each in bare]
    _join_equal(groups, bare, sheets, [counting.words(title).numbers for title in titles])
    alone = [at for at in range(len(texts)) if groups.first(at) == at]
    cut = lru_cache(maxsize=_KEPT)(sentences)
    for one, other in _candidates([sheets[at] for at in alone]):
        first, second = alone[one], alone[other]
        if groups.first(first) == groups.first(second):
            continue
        if _mostly_in(sheets[first], sheets[second]) and _same_names(
            cut(texts[first]), cut(texts[second])
        ):
            groups.join(first, second)
    return groups.all()


def _join_equal(
    groups: Groups, bare: Sequence[Numbers], sheets: Sequence[Numbers], titles: Sequence[Numbers]
) -> None:
    """Those whose words are the same; short ones only with the same title."""
    seen: dict[bytes, int] = {}
    for at, (words, found, title) in enumerate(zip(bare, sheets, titles, strict=True)):
        if not len(words):
            continue
        short = len(found) < FEWEST
        key = b"%d " % short + (title.tobytes() if short else b"") + b" " + words.tobytes()
        groups.join(seen.setdefault(key, at), at)


def _candidates(sheets: Sequence[Numbers]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that share some of the lowest shingles of each, most likely ones only."""
    long = [at for at, found in enumerate(sheets) if len(found) >= FEWEST]
    if not long:
        return
    numbers = np.concatenate([sheets[at][:SKETCH] for at in long])
    owners = np.repeat(np.array(long), [min(len(sheets[at]), SKETCH) for at in long])
    order = np.argsort(numbers, kind="stable")
    numbers, owners = numbers[order], owners[order].astype(np.int64)
    _, run, times = np.unique(numbers, return_inverse=True, return_counts=True)
    many = times[run] > _FEW
    found: list[Pairs] = []
    for step in range(1, _NEAR + 1):
        met = numbers[step:] == numbers[:-step]
        if step > 1:
            met &= ~many[step:]
        found.append(owners[:-step][met] * len(sheets) + owners[step:][met])
    pairs, shared = np.unique(np.concatenate(found), return_counts=True)
    for pair, count in zip(pairs.tolist(), shared.tolist(), strict=True):
        one, other = divmod(pair, len(sheets))
        least = min(len(sheets[one]), len(sheets[other]), SKETCH)
        if 20 * count >= least:
            yield one, other


def _mostly_in(one: Numbers, other: Numbers) -> bool:
    """Whether one text has most of the shorter one, and that is no trifle of the longer one."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    short, long = sorted((len(one), len(other)))
    return shared >= COPIED * short and shared >= OF_LONGER * long


def _same_names(one: tuple[Sentence, ...], other: tuple[Sentence, ...]) -> bool:
    return swapped_names(one, other).share < SWAPPED


def is_near_copy(one: str, other: str) -> bool:
    """Whether one of two texts is a copy of the other, by the words of both."""
    counting = Counting()
    first, second = (sheet(counting.words(text).numbers) for text in (one, other))
    if min(len(first), len(second)) < FEWEST:
        return False
    return _mostly_in(first, second) and _same_names(sentences(one), sentences(other))
