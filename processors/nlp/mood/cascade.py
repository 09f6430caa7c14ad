"""A slow model behind a quick one: asked only where the quick one is not sure."""

from collections.abc import Sequence

from processors.nlp.mood.port import Feeling, MoodModel, TargetContext

SURE = 0.45
"""Chance of its likeliest class from which the quick model is believed.

Of the names in the sample newsroom a fifth is below; more would cost more than the whole may.
"""


class Cascade:
    """Asks ``slow`` about what ``quick`` gives no class a chance of ``SURE``."""

    def __init__(self, quick: MoodModel, slow: MoodModel) -> None:
        self._quick = quick
        self._slow = slow

    @property
    def version(self) -> str:
        return self._slow.version

    def score(self, targets: Sequence[TargetContext]) -> Sequence[Feeling]:
        answers = list(self._quick.score(targets))
        open_still = [at for at, felt in enumerate(answers) if _unsure(felt)]
        closer = self._slow.score([targets[at] for at in open_still])
        for at, felt in zip(open_still, closer, strict=True):
            answers[at] = felt
        return answers


def _unsure(felt: Feeling) -> bool:
    return max(felt.negative, felt.neutral, felt.positive) < SURE
