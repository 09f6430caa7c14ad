"""Sentences and targets as arrays: what the quick model sees of the words.

Only what the tokenizer knows is used (the words' hashes and forms), so that no other step has to
run. One sentence is one stretch of rows, whoever is asked about in it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from processors.nlp.mood.port import TargetContext

REACH = 32
"""Words that are seen on each side of a target."""
WIDTH = 2 * REACH + 1
"""Places relative to the target: before it, at it (``REACH``), behind it."""
LONGEST_TARGET = 8
FORMS = 3
"""Has a capital, stands in quotation marks, is a number."""

type Floats = NDArray[np.float32]
type Ints = NDArray[np.int64]
type Hashes = NDArray[np.uint64]


class Words(NamedTuple):
    """The words of some sentences, one after the other."""

    orth: Hashes
    lower: Hashes
    forms: Floats
    """Words x ``FORMS``, each 0 or 1."""
    lengths: list[int]
    """Words of each sentence."""


class Targets(NamedTuple):
    """Where the targets of some sentences are, in rows of ``Words``; ends are exclusive."""

    first: Ints
    last: Ints
    start: Ints
    end: Ints


def read_words(contexts: Sequence[TargetContext]) -> tuple[Words, Targets]:
    """The sentences of ``contexts``, each once, and the targets in them."""
    known: dict[tuple[int, int], int] = {}
    docs: dict[int, Hashes] = {}
    parts: list[Hashes] = []
    lengths: list[int] = []
    places: list[tuple[int, ...]] = []
    at = 0
    for context in contexts:
        key = (id(context.doc), context.first)
        if key not in known:
            if key[0] not in docs:
                docs[key[0]] = _attributes(context.doc)
            parts.append(docs[key[0]][context.first : context.last])
            lengths.append(context.last - context.first)
            known[key] = at
            at += lengths[-1]
        row = known[key] - context.first
        end = min(context.end, context.start + LONGEST_TARGET)
        ends = (context.first, context.last, context.start, end)
        places.append(tuple(place + row for place in ends))
    table: Hashes = np.concatenate(parts)
    columns = np.array(places, np.int64).T
    return Words(table[:, 0], table[:, 1], _forms(table, lengths), lengths), Targets(*columns)


def _attributes(doc: Doc) -> Hashes:
    table: Any = doc.to_array(["ORTH", "LOWER", "IS_DIGIT", "IS_QUOTE"])
    return np.asarray(table, np.uint64)


def _forms(table: NDArray[np.uint64], lengths: Sequence[int]) -> Floats:
    forms = np.empty((len(table), FORMS), np.float32)
    forms[:, 0] = table[:, 0] != table[:, 1]
    forms[:, 2] = table[:, 2]
    marks = np.cumsum(table[:, 3].astype(np.int64))
    at = 0
    for length in lengths:
        before = marks[at - 1] if at else 0
        forms[at : at + length, 1] = (marks[at : at + length] - before) % 2
        at += length
    return forms


def windows(targets: Targets, left: int, right: int) -> tuple[Ints, NDArray[np.bool_]]:
    """Rows of words round each target, and which of them are in its sentence.

    Both are targets x (``left`` + 1 + ``right``); the column at ``left`` stands for the target.
    """
    before = targets.start[:, None] + np.arange(-left, 0)
    behind = targets.end[:, None] + np.arange(right)
    rows = np.concatenate([before, targets.start[:, None], behind], axis=1)
    inside = (rows >= targets.first[:, None]) & (rows < targets.last[:, None])
    return np.where(inside, rows, 0), inside
