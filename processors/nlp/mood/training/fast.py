"""Trains the quick model."""

from collections import Counter
from functools import partial

import numpy as np
from numpy.typing import NDArray

from processors.nlp.mood import ngrams
from processors.nlp.mood.fast import NETS, lookup, static_vectors
from processors.nlp.mood.port import MoodModel
from processors.nlp.mood.training.examples import Labelled, Tell, chances_of
from processors.nlp.mood.training.linear import train_linear
from processors.nlp.mood.training.net import train_net, windows_of
from processors.nlp.mood.training.teacher import TRUST, further_targets, taught
from processors.nlp.mood.weights import pack
from processors.nlp.mood.words import Hashes, Words, read_words

SMOOTH = 0.08
LEAST = 3
MOST_WORDS = 6000
"""Words with rows of their own: the most frequent that occur ``LEAST`` times."""


def train_fast(
    user: Labelled, own: Labelled, *, seed: int, tell: Tell, teacher: MoodModel | None
) -> bytes:
    """A file of weights for ``FastMood``, from the user's targets and ours.

    A ``teacher`` adds its shades to the user's labels, and further targets in the same sentences.
    """
    contexts, labels = user
    wanted = chances_of(labels, SMOOTH)
    if teacher:
        tell("asking the teacher", 0.0)
        more = further_targets(contexts)
        told = taught(teacher, contexts) * np.float32(TRUST)
        wanted = np.concatenate([told + wanted * np.float32(1 - TRUST), taught(teacher, more)])
        contexts = [*contexts, *more]
    wanted = np.concatenate([wanted, chances_of(own[1], SMOOTH)])
    contexts = [*contexts, *own[0]]
    words, targets = read_words(contexts)
    meanings = static_vectors(words.orth, words.lower, contexts[0].doc.vocab)
    vocabulary = _frequent(words)
    known = lookup(vocabulary, words.lower)
    tell("words and pairs", 0.0)
    linear = train_linear(ngrams.features(words, targets), wanted)
    arrays: dict[str, NDArray[np.generic]] = {"vocabulary": vocabulary}
    arrays |= {f"ngrams_{name}": array for name, array in linear._asdict().items()}
    for number in range(NETS):
        weights = train_net(
            words,
            meanings,
            known,
            windows_of(targets),
            wanted,
            vocabulary=len(vocabulary),
            seed=seed + number,
            tell=partial(tell, f"network {number + 1} of {NETS}"),
        )
        arrays |= {f"net{number}_{name}": array for name, array in weights.items()}
    return pack(arrays)


def _frequent(words: Words) -> Hashes:
    """Sorted hashes; of words that occur equally often, those with the smaller hashes stay."""
    counts = Counter(words.lower.tolist())
    often = sorted(counts.items(), key=lambda each: (-each[1], each[0]))[:MOST_WORDS]
    return np.array(sorted(word for word, count in often if count >= LEAST), np.uint64)
