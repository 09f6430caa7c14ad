"""A pattern that matches is never ruled out by its needles."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.claims import assertions
from processors.nlp.claims.kinds import FIGURE_KINDS
from processors.nlp.claims.masks import FILL, SIGNS, compiled
from processors.nlp.claims.needles import Sieve, lower, needles
from processors.nlp.claims.possible import sieve
from tests.support.passages import read_passages

PASSAGES = Path(__file__).parents[1] / "golden" / "claims"
SUM = re.compile(r"[$€£][\d.,]+(?: (?:million|billion))?")
SHAPES = [
    r"(?<![\w-])(?:paid|pays?|set (?:it )?aside)(?![\w-])",
    r"(?:from|between) (?P<a>20\d\d) (?:to|and) (?P<b>20\d\d)",
    r"\b(?:raised?|took)\b[^.;]{0,9}? (?:in|at) [a-z]+",
    r"cost\w* (?:it|them)?|charges? of",
    r"(?:in|of) (?:its|their) [a-z]{3,5}s?\W",
    r"\bby (?:the end of )?20[3-9]\d(?!\d)",
]


def texts() -> list[str]:
    """Passages, each also with a sign for every sum of money."""
    found = [each.text for file in sorted(PASSAGES.glob("*.jsonl")) for each in read_passages(file)]
    sign = SIGNS["money"]
    return [*found, *(SUM.sub(lambda m: sign + FILL * (len(m[0]) - 1), text) for text in found)]


def test_no_pattern_of_a_kind_that_stands_in_a_text_is_ruled_out() -> None:
    patterns = {trigger.words for kind in FIGURE_KINDS for trigger in kind.triggers}
    standing = 0
    for text in texts():
        small = text.lower()
        possible = sieve().passed(small)
        assert len(possible) < len(patterns)
        for pattern in patterns:
            if compiled(pattern).spans(text, small, f" {small}"):
                assert pattern in possible, (pattern, text)
                standing += 1
    assert standing > 2000


@pytest.mark.parametrize("name", ["DENIED", "RUMOURED", "PLANNED", "FINISHED", "REPORTED"])
def test_no_cue_that_stands_in_a_text_is_ruled_out(name: str) -> None:
    cue: assertions.Cue = getattr(assertions, name)
    one = Sieve({cue.pattern: needles(cue.pattern)})
    found = [text for text in texts() if cue.stands(text)]
    assert len(found) > 30
    assert all(one.passed(text.lower()) for text in found)
    assert any(not one.passed(text.lower()) for text in texts())


@given(data=st.data(), shape=st.sampled_from(SHAPES))
def test_no_match_of_a_pattern_is_ruled_out(data: st.DataObject, shape: str) -> None:
    match = data.draw(st.from_regex(shape, fullmatch=True, alphabet=st.characters(codec="ascii")))
    text = f"a {match} b".lower()
    if re.search(lower(shape), text):
        assert Sieve({shape: needles(shape)}).passed(text) == {shape}


def test_a_text_without_the_words_is_ruled_out() -> None:
    one = Sieve({shape: needles(shape) for shape in SHAPES})
    assert one.passed("nobody knows") == set()
    assert one.passed("they prepaid") == set()
    assert one.passed("it pays well") == {SHAPES[0]}


def test_of_a_pattern_without_words_nothing_is_known() -> None:
    assert needles(r"\d+") == []
    assert Sieve({r"\d+": []}).passed("") == {r"\d+"}
