"""Which of the kinds' patterns can match in a sentence at all."""

from dataclasses import astuple
from functools import cache

from processors.nlp.claims.kinds import EXPORT_CONTROL, FIGURE_KINDS
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.needles import Sieve


@cache
def sieve() -> Sieve:
    """Knows all of the kinds' patterns; compiles them, which takes a second."""
    triggers = [trigger for kind in FIGURE_KINDS for trigger in kind.triggers]
    patterns = {pattern for one in triggers for pattern in (one.words, one.context)}
    patterns.update(kind.excludes for kind in FIGURE_KINDS)
    patterns.update(pattern for pattern in astuple(EXPORT_CONTROL)[1:])
    return Sieve({one: compiled(one).needles for one in sorted(patterns - {""})})
