"""Where a name may stand that the gazetteer does not know: only there the recogniser is asked."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from spacy.tokens import Doc, Span

from processors.nlp.lookup import Hit
from processors.nlp.parts import text_of
from processors.nlp.wordlists import words

_CAPITAL = re.compile(r"[A-Z][\w'’]*")
_INSIDE = re.compile(r"[\w'’]")
"""What stands before a capital that begins no word."""
_OPENERS = words("openers") | words("plain") | {"the"}
"""Words with which sentences open, and that are capitals for nothing else."""
_NEVER = re.compile(r"I(?:['’](?:m|ve|d|ll))?|AI|A\.I|C[EFT]O|GPUs?|APIs?")


def unknown_sentences(doc: Doc, hits: Iterable[Hit]) -> list[Span]:
    """The sentences with a capital that no sure hit covers and that is no plain opening word."""
    sentences, hits = list(doc.sents), list(hits)
    unsure = {hit.start for hit in hits if hit.strength != "strong"}
    starts = [sentence.start_char for sentence in sentences]
    sure = _merged((hit.start, hit.end) for hit in hits if hit.strength == "strong")
    ends = [end for _, end in sure]
    asked: set[int] = set()
    text = text_of(doc)
    for word in _CAPITAL.finditer(text):
        at = word.start()
        if at and _INSIDE.match(text, at - 1):
            continue
        cover = bisect_right(ends, at)
        if cover < len(sure) and sure[cover][0] <= at:
            continue
        number = bisect_right(starts, at) - 1
        if number in asked or number < 0 or _NEVER.fullmatch(word[0]):
            continue
        if at in unsure or word[0].lower() not in _OPENERS:
            asked.add(number)
    return [sentences[number] for number in sorted(asked)]


def _merged(spans: Iterable[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    """Spans in order, those that overlap as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out
