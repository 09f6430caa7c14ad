"""Marks and snippets: by the analyser, inside the text, around what was asked for."""

from hypothesis import given
from hypothesis import strategies as st

from processors.query.syntax import parse_query
from processors.query.terms import terms
from services.index import Marked
from services.index.highlight import WIDTH, mark, phrases, snippet

FILLER = "Nothing of note happened in the port that day. "


def shown(marked: Marked) -> list[str]:
    return [marked.text[one.start : one.end] for one in marked.marks]


def test_what_is_excluded_is_not_sought() -> None:
    query = parse_query('gpt-4 (chip OR "lower cost") -nvidia entity:meta gpt4')
    assert phrases(query) == (("gpt", "4"), ("chip",), ("lower", "cost"))


def test_a_phrase_is_one_mark_and_overlaps_join() -> None:
    marked = mark("The lower cost of GPT-4’s chips", (("lower", "cost"), ("cost", "of"), ("chip",)))
    assert shown(marked) == ["lower cost of", "chips"]


def test_a_snippet_shows_most_of_the_phrases() -> None:
    body = FILLER * 3 + "A tern came. " + FILLER * 20 + "A gull and a tern came. " + FILLER * 9
    marked = snippet(body, (("gull",), ("tern",)))
    assert shown(marked) == ["gull", "tern"]
    assert marked.text.startswith("… ")
    assert marked.text.endswith(" …")


def test_a_short_body_is_shown_whole() -> None:
    assert snippet("A gull\ncame.", (("gull",),)).text == "A gull came."


def test_without_words_the_summary_or_the_start_is_shown() -> None:
    assert snippet(FILLER * 20, (), "In short.") == Marked("In short.")
    start = snippet(FILLER * 20, ()).text
    assert start.startswith("Nothing of note")
    assert start.endswith(" …")
    assert len(start) < WIDTH + 20
    assert snippet("", ()) == Marked("")


def test_a_word_that_only_the_title_has_leaves_the_start() -> None:
    assert snippet("Rain fell.", (("gull",),)).text == "Rain fell."


@given(st.text(alphabet="ab \n’'é\u0301-4", max_size=900), st.text(alphabet="ab 4", max_size=5))
def test_marks_are_the_phrase_and_nothing_else(body: str, phrase: str) -> None:
    sought = terms(phrase)
    wanted = [sought] if sought else []
    for marked in (mark(body, wanted), snippet(body, wanted)):
        ends = [0]
        for one in marked.marks:
            assert ends[-1] <= one.start < one.end <= len(marked.text)
            ends.append(one.end)
            assert set(terms(marked.text[one.start : one.end])) == set(sought)
    assert len(snippet(body, wanted).text) <= 2 * WIDTH + 4
