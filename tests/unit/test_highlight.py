"""Marks and snippets: by the analyser, inside the text, around what was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from processors.query.syntax import parse_query
from processors.query.terms import terms
from processors.query.tree import All, Node, Words
from services.index import Marked
from services.index.highlight import WIDTH, Seeker

FILLER = "Nothing of note happened in the port that day. "


def seeker(query: str) -> Seeker:
    return Seeker(parse_query(query))


def shown(marked: Marked) -> list[str]:
    return [marked.text[one.start : one.end] for one in marked.marks]


def test_what_is_excluded_is_not_sought() -> None:
    query = 'gpt-4 (chip OR "lower cost") -nvidia entity:meta gpt4'
    marked = seeker(query).mark("Meta: Nvidia chips at lower cost than GPT4")
    assert shown(marked) == ["chips", "lower cost", "GPT4"]


def test_a_phrase_is_one_mark_and_overlaps_join() -> None:
    marked = seeker('"lower cost" "cost of" chip').mark("The lower cost of GPT-4’s chips")
    assert shown(marked) == ["lower cost of", "chips"]


def test_neighbours_are_marked_each_and_beginnings_as_whole_words() -> None:
    marked = seeker('"cost chip"~5 inferen* caf*').mark("Chips for Inference’s cost, café")
    assert shown(marked) == ["Chips", "Inference", "cost", "café"]


def test_a_snippet_shows_most_of_the_phrases() -> None:
    body = FILLER * 3 + "A tern came. " + FILLER * 20 + "A gull and a tern came. " + FILLER * 9
    marked = seeker("gull tern").snippet(body)
    assert shown(marked) == ["gull", "tern"]
    assert marked.text.startswith("… ")
    assert marked.text.endswith(" …")


def test_a_short_body_is_shown_whole() -> None:
    assert seeker("gull").snippet("A gull\ncame.").text == "A gull came."


def test_without_words_the_summary_or_the_start_is_shown() -> None:
    everything = Seeker(All())
    assert everything.snippet(FILLER * 20, "In short.") == Marked("In short.")
    start = everything.snippet(FILLER * 20).text
    assert start.startswith("Nothing of note")
    assert start.endswith(" …")
    assert len(start) < WIDTH + 20
    assert everything.snippet("") == Marked("")


def test_a_word_that_only_the_title_has_leaves_the_start() -> None:
    assert seeker("gull").snippet("Rain fell.").text == "Rain fell."


@given(st.text(alphabet="ab \n’'é\u0301-4", max_size=900), st.text(alphabet="ab 4", max_size=5))
def test_marks_are_the_phrase_and_nothing_else(body: str, phrase: str) -> None:
    sought = terms(phrase)
    query: Node = Words(sought, phrase) if sought else All()
    for marked in (Seeker(query).mark(body), Seeker(query).snippet(body)):
        ends = [0]
        for one in marked.marks:
            assert ends[-1] <= one.start < one.end <= len(marked.text)
            ends.append(one.end)
            assert set(terms(marked.text[one.start : one.end])) == set(sought)
    assert len(Seeker(query).snippet(body).text) <= 2 * WIDTH + 4
