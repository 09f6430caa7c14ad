"""Sentences as ``Doc``s of their own, and the model's steps that run on them.

The model is asked sentence by sentence, and only where its answer can matter: its recogniser in
sentences with unknown names, its parser in those that can hold a claim. What it says of a sentence
does not depend on the sentences round it, so leaving one out changes no other.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from spacy.attrs import NORM  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc, Span

from processors.nlp.runs import Runs

_TEXT, _RUNS = "beatwire text", "beatwire runs"
BATCH = 256
"""Sentences that a step takes at once."""


def text_of(doc: Doc) -> str:
    """The text of ``doc``, which spaCy puts together from its words each time it is asked."""
    kept: str | None = doc.user_data.get(_TEXT)
    if kept is None:
        kept = doc.user_data[_TEXT] = doc.text
    return kept


def runs_of(doc: Doc) -> Runs:
    """The runs of letters and digits in ``doc``, found once."""
    kept: Runs | None = doc.user_data.get(_RUNS)
    if kept is None:
        kept = doc.user_data[_RUNS] = Runs(text_of(doc))
    return kept


def part_of(span: Span) -> Doc:
    """The sentence ``span`` as a Doc of its own, made once and kept with its text's Doc."""
    doc = span.doc
    kept: dict[int, Doc] = doc._.parts or {}
    if span.start not in kept:
        tokens = list(span)
        part = Doc(doc.vocab, [t.text for t in tokens], [bool(t.whitespace_) for t in tokens])
        # The tokenizer's norms of contractions (``n't``: ``not``), which the model reads.
        norms: Any = np.array([[t.norm] for t in tokens], np.uint64)
        kept[span.start] = part.from_array([NORM], norms)
        doc._.parts = kept
    return kept[span.start]


class Steps:
    """Some steps of the loaded model, in their order."""

    def __init__(self, nlp: Language, *names: str) -> None:
        self._steps: list[Any] = [nlp.get_pipe(name) for name in names]

    def run(self, parts: Sequence[Doc]) -> None:
        """Annotate ``parts`` in place."""
        for step in self._steps:
            for _ in step.pipe(parts, batch_size=BATCH):
                pass
