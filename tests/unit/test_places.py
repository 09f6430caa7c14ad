"""Where words stand in a text, against the marks of search results and the plain matcher."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.starts import sentence_around, sentence_starts
from processors.query import places
from processors.query.places import Cut
from processors.query.terms import analyse, terms
from processors.query.tree import Near, Prefix, Words
from processors.records import Span
from services.index.highlight import Seeker
from tests.specs.matcher import shows

TEXTS = st.text(alphabet="ab \n’'é\u0301-4.U", max_size=200)
BITS = st.text(alphabet="ab4é", min_size=1, max_size=3)


@given(TEXTS, BITS, BITS)
def test_the_places_are_those_that_search_marks(text: str, one: str, other: str) -> None:
    cut = Cut(text)
    assert cut.terms == list(terms(text))
    sought = (Words(terms(one), one), Words(terms(f"{one} {other}"), ""), Prefix("ab"))
    for node in sought:
        found = list(cut.places(node))
        assert bool(found) == shows(text, node)
        marks = Seeker(node).mark(text).marks
        starts = {span.start for span in found}
        assert {mark.start for mark in marks} <= starts
        assert all(any(m.start <= it.start < it.end <= m.end for m in marks) for it in found)


@given(st.text(alphabet="ab c", max_size=60), st.integers(1, 4), st.sampled_from(["ab", "abc"]))
def test_neighbours_are_found_as_by_the_plain_matcher(text: str, gap: int, words: str) -> None:
    spaced = " ".join(text)
    node = Near(tuple(words), gap, words)
    found = list(Cut(spaced).places(node))
    assert bool(found) == shows(spaced, node)
    for span in found:
        inside = [term.term for term in analyse(spaced[span.start : span.end])]
        assert len({*inside} & {*words}) >= 2
        assert len(inside) - 2 <= gap
        assert inside[0] in words
        assert inside[-1] in words


def test_many_places_are_found_as_well_as_few() -> None:
    text = "one  two\none " * 3 * places.FEW
    first = [term for term in analyse(text) if term.term == "one"]
    found = list(Cut(text).places(Words(("one",), "one")))
    assert found == [Span(start=term.start, end=term.end) for term in first]


def test_a_sentence_is_one_of_the_reader() -> None:
    random = Random(5)
    bits = (
        "Mr. Holm",
        "no.",
        "U.S.",
        "It",
        "paid",
        "$27. 5 million",
        "?!”",
        "\n",
        " ",
        "\n\n",
        "1.",
    )
    for _ in range(300):
        text = " ".join(random.choices(bits, k=25))
        starts = [*sentence_starts(text), len(text)]
        for first, behind in pairwise(starts):
            whole = text[first:behind].rstrip()
            place = random.randrange(len(whole))
            expected = Span(start=first, end=first + len(whole))
            assert sentence_around(text, first + place, first + place + 1) == expected


def test_words_that_reach_over_an_end_are_shown_in_both_sentences() -> None:
    text = "Rain fell. The end\ncame. So it goes."
    assert sentence_around(text, text.index("end"), text.index("came") + 4) == Span(
        start=11, end=24
    )
    assert sentence_around(text, 5, 14) == Span(start=0, end=18)
    assert sentence_around("one", 0, 3) == Span(start=0, end=3)
