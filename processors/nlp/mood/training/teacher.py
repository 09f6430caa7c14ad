"""What the quick model learns from a better one: shades of the labels, and further targets."""

from collections.abc import Iterator, Sequence

import numpy as np

from processors.nlp.mood.port import MoodModel, TargetContext
from processors.nlp.mood.words import Floats

TRUST = 0.5
"""Weight of the teacher's answer beside a label."""
MOST = 2
"""Further targets of a sentence."""
_AT_ONCE = 512
_PRONOUNS = frozenset({"he", "she", "it", "they", "him", "her", "them", "who", "his", "its"})


def further_targets(contexts: Sequence[TargetContext]) -> list[TargetContext]:
    """Names and pronouns in the sentences of ``contexts`` that are not targets there already."""
    taken: dict[tuple[int, int], list[TargetContext]] = {}
    for context in contexts:
        taken.setdefault((id(context.doc), context.first), []).append(context)
    found = []
    for known in taken.values():
        spans = [(c.start, c.end) for c in known]
        free = (
            (start, end)
            for start, end in _candidates(known[0])
            if not any(start < other_end and other < end for other, other_end in spans)
        )
        head = known[0]
        for start, end in list(free)[:MOST]:
            found.append(TargetContext(head.doc, head.first, head.last, start, end))
    return found


def _candidates(context: TargetContext) -> Iterator[tuple[int, int]]:
    start = None
    for token in context.doc[context.first : context.last]:
        named = token.text[:1].isupper() and token.i > context.first
        if start is not None and not named:
            yield start, token.i
            start = None
        elif named and start is None:
            start = token.i
        if token.lower_ in _PRONOUNS:
            yield token.i, token.i + 1
    if start is not None:
        yield start, context.last


def taught(teacher: MoodModel, contexts: Sequence[TargetContext]) -> Floats:
    """Targets x classes: the teacher's chances."""
    answers = [
        felt
        for at in range(0, len(contexts), _AT_ONCE)
        for felt in teacher.score(contexts[at : at + _AT_ONCE])
    ]
    return np.array([(a.negative, a.neutral, a.positive) for a in answers], np.float32)
