"""Claims of passages that were written and labelled without sight of the rules.

The rules have been mended on them since, so these figures guard, and estimate nothing.
"""

from functools import cache
from pathlib import Path

from processors.nlp.reader import Text
from tests.support.passages import Score, read_passages
from tests.support.reading import shared_reader

FILES = sorted(Path(__file__).parent.glob("claims/*.jsonl"))


@cache
def score() -> Score:
    found = Score()
    passages = [passage for file in FILES for passage in read_passages(file)]
    readings = shared_reader().read([Text(body=passage.text) for passage in passages])
    for passage, reading in zip(passages, readings, strict=True):
        found.add(passage, reading.claims)
    return found


def test_most_claims_are_found_and_few_are_made_up() -> None:
    assert score().found > 500
    assert score().f1 >= 0.96


def test_subjects_bounds_and_modalities_are_right() -> None:
    assert score().rate("subject") >= 0.94
    assert score().rate("bound") >= 0.98
    assert score().rate("modality") >= 0.94


def test_figures_that_are_no_claims_make_none() -> None:
    assert score().negatives > 90
    assert score().flagged / score().negatives <= 0.03
