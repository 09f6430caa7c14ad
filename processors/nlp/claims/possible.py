"""Which of the kinds' patterns can match in a sentence at all."""

from dataclasses import astuple
from functools import cache

from processors.nlp.claims.kinds import EXPORT_CONTROL, FIGURE_KINDS
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.needles import Sieve


@cache
def sieve(*, figures: bool) -> Sieve:
    """Knows the kinds' patterns: all of them, or those for a sentence without ``figures``.

    It compiles them, which takes a second.
    """
    patterns = set(astuple(EXPORT_CONTROL)[1:])
    if figures:
        triggers = [trigger for kind in FIGURE_KINDS for trigger in kind.triggers]
        patterns |= {pattern for one in triggers for pattern in (one.words, one.context)}
        patterns |= {kind.excludes for kind in FIGURE_KINDS}
    return Sieve({one: compiled(one).needles for one in sorted(patterns - {""})})
