"""What a model of mood is asked, and what it answers."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from spacy.tokens import Doc

from processors.records import Polarity

NAMES: tuple[Polarity, ...] = ("negative", "neutral", "positive")
"""The order of the three classes in every array."""


class TargetContext(msgspec.Struct, frozen=True):
    """A target in its sentence. All numbers count tokens of ``doc``; ends are exclusive.

    ``doc`` is tokenised and has sentences; whether it has been tagged or parsed is not said.
    """

    doc: Doc
    first: int
    last: int
    """The sentence is ``doc[first:last]``."""
    start: int
    end: int
    """The target is ``doc[start:end]``, within the sentence."""

    @property
    def text(self) -> str:
        """The sentence."""
        return str(self.doc[self.first : self.last].text)

    @property
    def place(self) -> tuple[int, int]:
        """Where the target stands in ``text``, in characters."""
        target = self.doc[self.start : self.end]
        at = self.doc[self.first].idx
        return target.start_char - at, target.end_char - at


class Feeling(msgspec.Struct, frozen=True):
    """How likely a sentence is negative, neutral and positive towards a target; sums to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def score(self) -> float:
        """From -1 to 1."""
        return self.positive - self.negative

    @property
    def polarity(self) -> Polarity:
        """The likeliest; of equals, the first of ``NAMES``."""
        chances = (self.negative, self.neutral, self.positive)
        return NAMES[chances.index(max(chances))]


class MoodModel(Protocol):
    """Says what sentences feel towards targets. One thread at a time."""

    @property
    def version(self) -> str:
        """``beatwire-NAME-vNUMBER``: what ``Article.made_by`` keeps of it."""

    def score(self, targets: Sequence[TargetContext]) -> Sequence[Feeling]:
        """One answer a target, in order.

        The answer to a target must not depend on the others it is asked with: they share work, and
        nothing else.
        """
