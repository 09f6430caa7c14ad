"""The words of a text, and patterns that are tried only where their first words stand."""

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.quantities import dates, money, vague
from processors.nlp.quantities.quantity import readable
from processors.nlp.runs import Runs, found_at

ODD = "The GB200's 72 chips_2, in ÉCOLE№5: İstanbul ſold 2²x"
PASSAGES = Path(__file__).parent.parent / "specs" / "passages.txt"
PIECES = (
    "3 12 2024 19 1.5 .5 May march Sept. Q1 H2 the last of in since early mid very on this Monday"
    " today first quarter half spring end $ US$ U.S.$ USD Rs. ¥ € million bn B a an few hundreds"
    " tens thousands of several six figure multimillion multi two twenty point and hundred low"
    " dollars ſix bıllions , - ( . _ é ² ½"
)
texts = st.lists(st.sampled_from(PIECES.split()), max_size=12).flatmap(
    lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces), "-".join(pieces)])
)


def test_each_run_is_found_with_its_place() -> None:
    runs = Runs(ODD)
    assert runs.all >= {"the", "gb", "200", "s", "72", "chips", "2", "école", "istanbul", "sold"}
    assert runs.among({"gb", "sold"}) == [(4, "gb"), (ODD.index("ſold"), "sold")]
    assert [ODD[place] for place in runs.figures] == list("27252")


@given(st.text())
def test_places_are_those_of_the_text_itself(text: str) -> None:
    runs = Runs(text)
    assert len(runs.lower) == len(text)
    found = runs.among(runs.all)
    assert [word for _, word in found] == re.findall(r"[^\W\d_]+|\d+", runs.lower)
    assert all(runs.lower.startswith(word, place) for place, word in found)


def begun(text: str, runs: Runs) -> Iterator[tuple[re.Pattern[str], list[int]]]:
    """The patterns of quantities and where each is tried."""
    yield money.ATOM, money.beginnings(text, runs)
    yield vague.PHRASE, vague.beginnings(text, runs)
    for pattern, first, _ in dates.PATTERNS:
        yield pattern, [place for place, word in dates.beginnings(runs) if word in first]


def search_finds_no_more(text: str) -> None:
    text = readable(text)
    for pattern, places in begun(text, Runs(text)):
        found = [one.span() for one in found_at(pattern, text, places)]
        assert found == [one.span() for one in pattern.finditer(text)]


@given(texts)
def test_quantities_are_tried_wherever_they_can_begin(text: str) -> None:
    search_finds_no_more(text)


def test_quantities_are_tried_wherever_they_begin_in_passages() -> None:
    search_finds_no_more(PASSAGES.read_text("utf-8"))
