"""From characters to tokens: which target a stretch of a text is, and in which sentence."""

from bisect import bisect_right
from typing import Any

from spacy.attrs import SENT_START  # type: ignore[import-not-found]
from spacy.tokens import Doc

from processors.nlp.mood.port import TargetContext
from processors.nlp.parts import text_of, tokens_of
from processors.records import Span


class Places:
    """Where the tokens and the sentences of one text stand."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        table = tokens_of(doc)
        self._starts: list[int] = table[:, 3].tolist()
        self._ends: list[int] = (table[:, 3] + table[:, 4]).tolist()
        sentences: Any = doc.to_array(SENT_START)
        opens = enumerate((sentences == 1).tolist())
        self._sentences = [number for number, first in opens if first or number == 0]

    def context(self, start: int, end: int) -> TargetContext:
        """The target that characters touch, in the sentence of its first token.

        Raises ValueError when they lie outside of the text.
        """
        size = len(text_of(self._doc))
        first = bisect_right(self._starts, start) - 1
        # The blank behind a token is not the token's.
        first += first >= 0 and start == self._ends[first]
        after = bisect_right(self._starts, end - 1)
        if not 0 <= start < end <= size or not 0 <= first < after:
            raise ValueError(f"{start}:{end} is not a stretch of a text of {size} characters")
        at = bisect_right(self._sentences, first)
        last = self._sentences[at] if at < len(self._sentences) else len(self._starts)
        return TargetContext(self._doc, self._sentences[at - 1], last, first, min(after, last))

    def sentence(self, context: TargetContext) -> Span:
        """Where a target's sentence stands, without the blanks after it."""
        start = self._starts[context.first]
        after = self._starts[context.last] if context.last < len(self._starts) else None
        return Span(start=start, end=start + len(text_of(self._doc)[start:after].rstrip()))
