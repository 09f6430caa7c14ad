"""From the feelings of an entity's sentences to its one mood in an article."""

import math
from collections.abc import Mapping

from processors.nlp.mood.port import Feeling
from processors.records import Mood, Polarity, Span

SURE = 0.55
"""A sentence that is neutral with at least this chance says nothing about the target."""
SHRINK = 0.4
"""Sentences' worth of neutrality that every entity starts with."""
CUT = 0.1
"""Scores within this distance of zero are called neutral."""
MOST_EVIDENCE = 3


def mood_of(entity: str, feelings: Mapping[Span, Feeling]) -> Mood | None:
    """The mood of an article towards ``entity``, whose sentences are the keys.

    None when each of them is neutral beyond doubt. Neutral sentences beside one that speaks do not
    dilute it: a name is mentioned far more often than judged.
    """
    scores = {place: felt.score for place, felt in feelings.items() if felt.neutral < SURE}
    if not scores:
        return None
    score = round(sum(scores.values()) / (len(scores) + SHRINK), 3)
    sign = math.copysign(1.0, score)
    # A sentence that comes twice scores alike but for the last digits, which differ from one
    # processor, and one batch, to the other.
    shown = sorted(scores, key=lambda place: (-sign * round(scores[place], 3), place.start))
    evidence = tuple(place for place in shown if scores[place] * sign > 0)[:MOST_EVIDENCE]
    return Mood(entity=entity, polarity=polarity_of(score), score=score, evidence=evidence)


def polarity_of(score: float) -> Polarity:
    """The name of an article's score from -1 to 1."""
    if abs(score) <= CUT:
        return "neutral"
    return "positive" if score > 0 else "negative"
