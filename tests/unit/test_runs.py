"""The words of a text, and patterns that are tried only where their first words stand."""

import re
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from processors.nlp import anaphors, introductions
from processors.nlp.quantities import bounds, dates, money, vague
from processors.nlp.quantities.quantity import readable
from processors.nlp.runs import Runs, found_at, found_in_lines
from tests.support.passages import read_passages

ODD = "The GB200's 72 chips_2, in ÉCOLE№5: İstanbul ſold 2²x"
PASSAGES = Path(__file__).parent.parent / "specs" / "passages.txt"
LABELLED = sorted((Path(__file__).parent.parent / "golden" / "claims").glob("*.jsonl"))
IN_LINES = (
    (introductions._HOUSE, introductions._HOUSES),
    (introductions._INSTITUTION, introductions._INSTITUTIONS),
    (introductions._CALLED, introductions._CALLING),
)
AT_WORDS = (
    (introductions._LAUNCHED, introductions._LAUNCHING),
    (introductions._DESIGNATION, introductions._NAMING),
)
INTRODUCTIONS = """The fund Sequoia Capital met the hedge fund High-Flyer in May.
The University of California, Berkeley and the Institute for Foundation Models agreed.
Acme launched Milton 2, which thinks. It unveiled Initech-3 to applause.
A Paris start-up called Mistral, a chip dubbed Blackwell, a lab known as Humane.
Its MI350X and the Ascend 910C, a chip named Gaudi 3."""
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


def plain_texts() -> list[str]:
    labelled = [passage.text for file in LABELLED for passage in read_passages(file)]
    return [PASSAGES.read_text("utf-8"), INTRODUCTIONS, "\n".join(labelled), *labelled]


def test_names_are_told_of_wherever_their_words_stand() -> None:
    met = set()
    for text in plain_texts():
        runs = Runs(text)
        for tried, pairs in ((found_in_lines, IN_LINES), (found_at, AT_WORDS)):
            for pattern, words in pairs:
                found = tried(pattern, text, (place for place, _ in runs.among(words)))
                spans = [one.span() for one in found]
                assert spans == [one.span() for one in pattern.finditer(text)], pattern
                met |= {pattern} if spans else set()
    assert len(met) == len(IN_LINES) + len(AT_WORDS)


def test_pronouns_and_articles_are_found_wherever_they_stand() -> None:
    for text in plain_texts():
        runs = Runs(text)
        places = (place for place, _ in runs.among(anaphors._ASKED))
        found = [one.span() for one in found_at(anaphors._FOUND, runs.lower, places)]
        assert found == [one.span() for one in anaphors._FOUND.finditer(runs.lower)]


def test_every_bound_ends_in_one_of_the_words_that_are_asked_for() -> None:
    met = 0
    for text in plain_texts():
        for word in re.finditer(r"\S+", text):
            window = text[max(0, word.start() - bounds._WINDOW) : word.start()]
            stands = any(pattern.search(window) for _, pattern in bounds._BEFORE)
            if stands and bounds.bound_before(text, word.start())[0] == "exact":
                assert window.rstrip()[-1:] not in "~≈<>=≤≥", window
                last = re.findall(r"\w+", window.lower())[-1]
                assert last in bounds._LAST_WORDS | bounds._SLACK_WORDS, window
            met += stands
    assert met > 100
