"""Sentences as ``Doc``s of their own, and the model's steps that run on them.

The model is asked sentence by sentence, and only where its answer can matter: its recogniser in
sentences with unknown names, its parser in those that can hold a claim. What it says of a sentence
does not depend on the sentences round it, so leaving one out changes no other.
"""

from collections.abc import Sequence
from typing import Any

from spacy.attrs import NORM, ORTH, SPACY  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc, Span

from processors.nlp.runs import Runs

_TEXT, _RUNS, _TOKENS = "beatwire text", "beatwire runs", "beatwire tokens"
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
    doc, start = span.doc, span.start
    kept: dict[int, Doc] | None = doc._.parts
    if kept is None:
        kept = doc._.parts = {}
    if start not in kept:
        table = _table(doc)[start : span.end]
        words: Any = table[:, 0].tolist()
        part = kept[start] = Doc(doc.vocab, words, table[:, 1].astype(bool).tolist())
        norms: Any = table[:, 2]
        if (part.to_array(NORM) != norms).any():
            # The tokenizer's norms of contractions (``n't``: ``not``), which the model reads.
            part.from_array([NORM], norms.reshape(-1, 1))
    return kept[start]


def _table(doc: Doc) -> Any:
    """Each token's word, whether a blank follows it, and its norm."""
    kept = doc.user_data.get(_TOKENS)
    if kept is None:
        kept = doc.user_data[_TOKENS] = doc.to_array([ORTH, SPACY, NORM])
    return kept


class Steps:
    """Some steps of the loaded model, in their order."""

    def __init__(self, nlp: Language, *names: str) -> None:
        self._steps: list[Any] = [nlp.get_pipe(name) for name in names]

    def run(self, parts: Sequence[Doc]) -> None:
        """Annotate ``parts`` in place."""
        for step in self._steps:
            for _ in step.pipe(parts, batch_size=BATCH):
                pass
