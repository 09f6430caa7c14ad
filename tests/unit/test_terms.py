"""The one analyser: which spellings meet, where terms stand, and that nothing makes it fail."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.terms import (
    _MOST_KNOWN,
    _PIECES,
    MAX_TERM,
    _cut,
    analyse,
    beginnings,
    forms,
    joined,
    piece_around,
    pieces,
    terms,
    terms_and_forms,
)

MEET = [
    ("GPT-4", "GPT 4", "gpt4", "Gpt–4", "ＧＰＴ-４"),
    ("H100", "H100s", "h100", "H-100", "H100's", "H100s’"),
    ("chip", "chips", "Chips", "chip's", "CHIPS"),
    ("U.S.", "US", "U.S", "USA", "U.S.A.", "usa", "US’s"),
    ("A.I.", "AI", "ai", "A.I", "AI's"),
    ("$5.6 million", "$5.6M", "$5.6mn", "$5.6m", "$ 5.6 million"),
    ("405B", "405 billion", "405bn"),
    ("80GB", "80 GB", "80gb"),
    ("R1", "r1", "R-1", "R 1"),
    ("C++", "c++"),
    ("OpenAI", "OpenAI's", "OpenAI’s", "openai", "Open\u00adAI", "OpenAI™"),
    ("café", "cafe", "cafe\u0301", "CAFÉ"),
    ("low-cost", "low cost", "Low–Cost", "low/cost"),
    ("50,000", "50000"),
    ("don't", "don’t", "dont"),
    ("GPU", "GPUs", "gpus"),
    ("LLM", "LLMs", "llms"),
    ("J.P. Morgan", "JP Morgan", "jp morgan"),
    ("AT&T", "AT & T"),
    ("Søren", "soren"),
    ("Straße", "strasse"),
    ("ﬁne", "fine"),
]
DIFFER = [
    ("US", "us"),
    ("GPT-4", "GPT-4o"),
    ("GPT-4", "GPT-4.5"),
    ("Llama 3", "Llama 3.1"),
    ("opus", "opu"),
    ("C", "C++"),
    ("5.6", "56"),
    ("1,2", "12"),
]


@pytest.mark.parametrize("spellings", MEET, ids=lambda spellings: spellings[0])
def test_spellings_meet(spellings: tuple[str, ...]) -> None:
    assert {terms(spelling) for spelling in spellings} == {terms(spellings[0])}
    assert terms(spellings[0])


@pytest.mark.parametrize(("one", "other"), DIFFER)
def test_spellings_differ(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_a_figure_is_found_without_its_currency() -> None:
    assert terms("$5.6 million") == ("$", *terms("5.6 million"))
    assert terms("US$65bn") == (*terms("US"), *terms("$65 billion"))


def test_the_country_is_found_in_a_compound() -> None:
    assert terms("the U.S.-based maker")[1] == terms("US")[0]


def test_each_term_knows_its_characters() -> None:
    text = "OpenAI’s GPT-4 cost $5.6M, cafe\u0301 included."
    shown = [text[term.start : term.end] for term in analyse(text)]
    assert shown == ["OpenAI", "GPT", "4", "cost", "$", "5.6", "M", "cafe\u0301", "included"]


def test_long_runs_are_cut_and_hostile_ones_end() -> None:
    assert terms("a" * 10_000) == terms("a" * MAX_TERM)
    assert len(terms("1" + ",111" * 50_000)) == 1
    assert len(terms("a." * 50_000)) == 1
    assert terms("x" + "\u0301" * 50_000) == ("x",)
    assert terms("\x00\ud800\ufeff") == ()


@given(st.text())
def test_places_lie_in_the_text_in_order(text: str) -> None:
    found = analyse(text)
    assert [term.position for term in found] == list(range(len(found)))
    assert all(0 <= term.start < term.end <= len(text) for term in found)
    starts = [term.start for term in found]
    assert starts == sorted(starts)


@given(st.text())
def test_terms_survive_a_split_at_white_space(text: str) -> None:
    found = tuple(term.term for term in analyse(text))
    assert tuple(joined(text).split()) == tuple(joined(text).split(" ") if found else ()) == found
    assert all(0 < len(term) <= MAX_TERM for term in found)
    joined(text).encode()


@given(st.text())
def test_composed_and_decomposed_text_agree(text: str) -> None:
    assert terms(unicodedata.normalize("NFC", text)) == terms(unicodedata.normalize("NFD", text))


@given(st.lists(st.from_regex(r"[a-z]{1,3}[1-9]{1,3}", fullmatch=True), max_size=6))
def test_names_with_numbers_are_stable(names: list[str]) -> None:
    """Letters of such names are stemmed, so what has no stem to lose comes back as it was."""
    once = terms(" ".join(names))
    assert [term for term in terms(" ".join(once)) if term.isdigit()] == [
        term for term in once if term.isdigit()
    ]
    spaced = " ".join(name.upper().replace("US", "UX") for name in names)
    assert terms(spaced) == terms(spaced.lower())


@given(st.text(), st.text())
def test_white_space_keeps_neighbours_apart(left: str, right: str) -> None:
    assert terms(f"{left} {right}") == terms(left) + terms(right)


@given(st.text(), st.sampled_from(" \n\u00a0\u3000\u2028\x1c"), st.text())
def test_cutting_word_by_word_is_cutting_the_whole(left: str, gap: str, right: str) -> None:
    """Words are kept with their terms, so each is cut without its neighbours."""
    text = f"{left}{gap}{right}"
    whole = _cut(text)
    assert terms(text) == whole.terms
    assert forms(text) == whole.forms
    assert terms_and_forms(text) == (list(whole.terms), set(whole.forms))
    assert [(term.start, term.end) for term in analyse(text)] == list(whole.spans)


def test_words_that_are_kept_have_an_end() -> None:
    for number in range(_MOST_KNOWN + 10):
        terms(f"word{number}")
    terms("x" * 1000)
    assert 0 < len(_PIECES) <= _MOST_KNOWN
    assert "x" * 1000 not in _PIECES


def holders(text: str, wanted: str) -> int:
    """The pieces that ``beginnings`` leads to, and that have the term or the form."""
    pattern, at, count = beginnings([wanted]), 0, 0
    while match := pattern.search(text, at):
        _, at, piece = piece_around(text, match.start())
        count += wanted in piece.terms or wanted in piece.forms
    return count


@given(st.text() | st.text("aAdyiesk's.,5MKB$US \u00e9-", max_size=30))
def test_every_term_and_form_is_led_to(text: str) -> None:
    for piece in (found := pieces(text)):
        for wanted in {*piece.terms, *piece.forms}:
            there = sum(wanted in each.terms or wanted in each.forms for each in found)
            assert holders(text, wanted) == there, wanted


@pytest.mark.parametrize("word", ["dying", "tied", "skies", "US", "50K", "$2tn", "80GB", "d'Or"])
def test_words_whose_terms_are_others_are_led_to(word: str) -> None:
    for wanted in (*terms(word), *forms(word)):
        assert holders(f"so it is {word}, then", wanted) == 1
