"""A pattern that matches is never ruled out by its needles."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.claims import modality, periods
from processors.nlp.claims.assertions import Cue
from processors.nlp.claims.masks import compiled
from processors.nlp.claims.needles import Sieve, lower, needles, sieve_of
from processors.nlp.claims.possible import sieve
from processors.nlp.claims.scenes import scenes_of
from processors.nlp.reader import Text
from tests.support.passages import read_passages
from tests.support.reading import shared_reader

PASSAGES = sorted((Path(__file__).parents[1] / "golden" / "claims").glob("*.jsonl"))
SHAPES = [
    r"(?<![\w-])(?:paid|pays?|set (?:it )?aside)(?![\w-])",
    r"(?:from|between) (?P<a>20\d\d) (?:to|and) (?P<b>20\d\d)",
    r"\b(?:raised?|took)\b[^.;]{0,9}? (?:in|at) [a-z]+",
    r"cost\w* (?:it|them)?|charges? of",
    r"(?:in|of) (?:its|their) [a-z]{3,5}s?\W",
    r"\bby (?:the end of )?20[3-9]\d(?!\d)",
]


@cache
def sentences() -> list[tuple[str, str]]:
    """Sentences as they are and masked."""
    reader = shared_reader()
    texts = [Text(passage.text) for file in PASSAGES for passage in read_passages(file)]
    docs = reader._nlp.pipe((reader._prepared(text) for text in texts), batch_size=100)
    return [(scene.text, scene.masked) for doc in docs for scene in scenes_of(doc)]


def test_no_pattern_of_a_kind_that_stands_in_a_sentence_is_ruled_out() -> None:
    standing = set()
    for _, masked in sentences():
        small = masked.lower()
        possible = sieve(figures=True).passed(small)
        assert len(possible) < len(sieve(figures=True).patterns) / 2
        for pattern in sieve(figures=True).patterns:
            if compiled(pattern).spans(masked, small, f" {small}"):
                assert pattern in possible, (pattern, masked)
                standing.add(pattern)
    assert len(standing) > 0.7 * len(sieve(figures=True).patterns)


@pytest.mark.parametrize("number", range(len(modality._CUES)))
def test_no_cue_that_stands_in_a_sentence_is_ruled_out(number: int) -> None:
    cue = modality._CUES[number]
    one = Sieve({cue.pattern: needles(cue.pattern)})
    stands = cue.stands if isinstance(cue, Cue) else cue.search
    found = [text for text, _ in sentences() if stands(text)]
    assert all(one.passed(text.lower()) for text in found)
    assert any(not one.passed(text.lower()) for text, _ in sentences())


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in periods._PATTERNS])
def test_no_period_that_stands_in_a_sentence_is_ruled_out(pattern: re.Pattern[str]) -> None:
    one = Sieve({pattern.pattern: needles(pattern.pattern)})
    assert all(one.passed(text.lower()) for text, _ in sentences() if pattern.search(text))


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


def test_case_and_the_letters_that_stand_for_others_do_not_count() -> None:
    one = sieve_of(["(?<!\\w)said(?!\\w)"])
    assert all(one.passed(text) for text in ("It SAID so", "He ſaid so", "She saıd so"))
