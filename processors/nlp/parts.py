"""Sentences as ``Doc``s of their own, and the model's steps that run on them.

The model is asked sentence by sentence, and only where its answer can matter: its recogniser in
sentences with unknown names, its parser in those that can hold a claim. What it says of a sentence
does not depend on the sentences round it, so leaving one out changes no other.
"""

from collections.abc import Sequence
from typing import Any

from spacy.attrs import IDX, LENGTH, NORM, ORTH, SPACY  # type: ignore[import-not-found]
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

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
        kept[start] = doc_of(doc.vocab, tokens_of(doc)[start : span.end, :3])
    return kept[start]


def tokens_of(doc: Doc) -> Any:
    """Each token's word, whether a blank follows it, its norm, where it begins and its length."""
    kept = doc.user_data.get(_TOKENS)
    if kept is None:
        kept = doc.user_data[_TOKENS] = doc.to_array([ORTH, SPACY, NORM, IDX, LENGTH])
    return kept


def doc_of(vocab: Vocab, tokens: Any) -> Doc:
    """A Doc of tokens, each told by its word, whether a blank follows it, and its norm."""
    words: Any = tokens[:, 0].tolist()
    doc = Doc(vocab, words, tokens[:, 1].astype(bool).tolist())
    norms: Any = tokens[:, 2]
    if (doc.to_array(NORM) != norms).any():
        # The tokenizer's norms of contractions (``n't``: ``not``), which the model reads.
        doc.from_array([NORM], norms.reshape(-1, 1))
    return doc


class Steps:
    """Some steps of the loaded model, in their order."""

    def __init__(self, nlp: Language, *names: str) -> None:
        self._steps: list[Any] = [nlp.get_pipe(name) for name in names]

    def run(self, parts: Sequence[Doc]) -> None:
        """Annotate ``parts`` in place."""
        for step in self._steps:
            for _ in step.pipe(parts, batch_size=BATCH):
                pass
