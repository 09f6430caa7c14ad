"""Amounts of money: a golden set of writings, and what is no amount at all."""

import math
import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.nlp.quantities import Quantity, find_quantities
from processors.nlp.quantities.numerals import read_digits
from tests.specs.money import BOUNDED, ROWS, SINGLE, WRITTEN, Row

LEAST_RIGHT = 0.97


def says(row: Row) -> bool:
    """Whether a row's sentence is read as its one amount."""
    text, currency, low, high, bound = row
    found = find_quantities(text)
    if len(found) != 1 or found[0].sort != "money":
        return False
    one = found[0]
    return (one.currency, one.bound) == (currency, bound) and same((one.low, one.high), (low, high))


def same(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> bool:
    return all(
        a is b or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-12))
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("rows", [SINGLE, BOUNDED, WRITTEN], ids=["single", "bounded", "written"])
def test_amounts_are_read_as_they_are_meant(rows: list[Row]) -> None:
    wrong = [row for row in rows if not says(row)]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(rows), wrong


def test_the_golden_set_is_large_and_holds_each_row_once() -> None:
    texts = Counter(row[0] for row in ROWS)
    assert len(texts) >= 300
    assert max(texts.values()) == 1
    assert len({row[1] for row in ROWS}) > 20


def test_the_evidence_of_an_amount_ends_where_its_words_end() -> None:
    for text, *_ in ROWS:
        for found in find_quantities(text):
            evidence = text[found.start : found.end]
            assert evidence == evidence.strip()
            assert found.start <= found.figure < found.end


COUNTED = (
    ("It could add up to 500 jobs.", "at_most"),
    ("The cuts add up to 500 jobs.", "at_most"),  # the same words: a count may be either
    ("It handed over 500 jobs.", "exact"),
    ("A dispute over 500 jobs began.", "exact"),
    ("It has over 500 jobs.", "at_least"),
)


@pytest.mark.parametrize(("text", "bound"), COUNTED)
def test_bounds_of_counts(text: str, bound: str) -> None:
    [found] = find_quantities(text)
    assert (found.sort, found.bound) == ("people", bound)


@pytest.mark.parametrize(
    "text",
    [
        "$" + "9" * 16, "version 1.2.3.4 of it", "call 555-0100-55-5555", "$nan", "$inf",
        "NaN dollars", "infinity dollars", "-inf%", "$e10", "$1e400", "$" + "9" * 400 + " billion",
        "5mm screws", "a mil of it", "two points", "oh dollars",
    ],
)  # fmt: skip
def test_what_is_no_amount_of_money(text: str) -> None:
    assert [q for q in find_quantities(text) if q.sort == "money" and q.size > 1] == []


SURROGATES = st.characters(categories=["Cs"])
JUNK = (
    st.text()
    | st.text(st.characters(categories=["Nd", "Nl", "No", "Sc", "Zs", "Po", "Pd", "Mn"]))
    | st.text(SURROGATES | st.sampled_from("$€£¥5,.-–% \n"))
    | st.from_regex(r"[$€£]?-?(nan|inf|infinity|\d{1,400})([.,eE]\d{1,40}){0,3} ?(bn|million|%)?")
    | st.integers(1, 10**400).map(lambda n: f"${n:,} million")
    | st.floats().map(lambda value: f"US${value} billion")
)


@given(st.lists(JUNK, max_size=5).map(" ".join), st.dates() | st.none())
@example("$" + "1" * 15 + " trillion trillion", None)
@example("٣٠٠ million dollars in ٢٠٢٤, on १२ March 2024", date(2025, 1, 1))
@example("20\u0662\u0664-01-05 and January 5 20\uff12\uff14", date(2025, 1, 1))
@example("\ud83d$5\udc00 bn \ud800 dollars", None)
def test_junk_never_raises_and_gives_nothing_odd(text: str, published: date | None) -> None:
    for found in find_quantities(text, published):
        check(found, text)


def check(found: Quantity, text: str) -> None:
    assert 0 <= found.start <= found.figure < found.end <= len(text)
    assert all(value >= 0 and math.isfinite(value) for value in (found.low, found.high) if value)
    assert not found.date or re.fullmatch(
        r"[0-9]{4}(-([0-9]{2}(-[0-9]{2})?|Q[1-4]|H[12]))?", found.date
    )


@given(st.from_regex(r"\d{1,15}([.,]\d{1,9})?", fullmatch=True))
def test_any_digits_are_a_number(text: str) -> None:
    assert math.isfinite(read_digits(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,00,000", 1e5), ("2,50,00,000", 2.5e7), ("1.000.000", 1e6), ("1.000.000,5", 1000000.5),
        ("12\u202f000", 12e3), ("1 250 000", 1.25e6), (".5", 0.5),
    ],
)  # fmt: skip
def test_digits_of_other_countries(text: str, value: float) -> None:
    assert read_digits(text) == value
