"""Figures of a text: one amount however it is written, its bound, and where it stands."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.nlp.quantities import MAX_TEXT, Other, Quantity, find_quantities
from processors.nlp.quantities.currencies import BEFORE, yen_or_yuan
from processors.nlp.quantities.numerals import read_digits, read_words
from processors.nlp.quantities.quantity import Taken
from processors.records import Bound

type Limits = tuple[float | None, float | None]

SAME = {
    ("USD", 5.6e6): (
        "$5.6m", "$5.6M", "$5.6 M", "US$5.6 mn", "$5.6 million", "$5.6-million", "USD 5.6 million",
        "$5,600,000", "5.6 million dollars", "5.6m US dollars", "5.6 million USD", "US$5.6mn",
    ),
    ("EUR", 1.5e9): (
        "€1,5 Mrd", "€1.5 billion", "€1.5bn", "1.5bn euros", "1,5 Mrd euros", "EUR 1.5bn",
        "€1500 million", "€1,500 million", "1.5 billion euros",
    ),
    ("CNY", 2e9): (
        "RMB 2 billion", "RMB2bn", "2 billion yuan", "two billion yuan", "CN¥2bn", "CNY 2 billion",
        "2bn renminbi",
    ),
    ("INR", 5e9): (
        "₹500 crore", "Rs 500 crore", "Rs. 500 crore", "500 crore rupees", "INR 5 billion",
        "₹5bn", "₹50,000 lakh",
    ),
    ("GBP", 25e6): ("£25m", "£25 million", "twenty-five million pounds", "25m pounds sterling"),
    ("USD", 1e9): ("a billion dollars", "$1bn", "one billion dollars", "$1,000 million"),
    ("USD", 5e8): (
        "half a billion dollars", "half of a billion dollars", "$500M",
        "five hundred million dollars",
    ),
    ("USD", 0.81): ("81 cents", "$0.81"),
    ("KRW", 5e12): ("5 trillion won", "₩5 trillion", "₩5tn"),
}  # fmt: skip

BOUNDS: tuple[tuple[str, Bound, Limits], ...] = (
    ("$1bn", "exact", (1e9, 1e9)),
    ("only $1bn", "exact", (1e9, 1e9)),
    ("about $1bn", "about", (1e9, 1e9)),
    ("nearly $1bn", "about", (1e9, 1e9)),
    ("~$1bn", "about", (1e9, 1e9)),
    ("$1bn or so", "about", (1e9, 1e9)),
    ("in talks to raise about $1bn", "about", (1e9, 1e9)),
    ("they talked about $1bn", "exact", (1e9, 1e9)),
    ("$1bn, plus or minus $20m", "about", (1e9, 1e9)),
    ("about $1bn, give or take $20m", "about", (1e9, 1e9)),
    ("more than $1bn", "at_least", (1e9, None)),
    ("at least $1bn", "at_least", (1e9, None)),
    ("$1bn or more", "at_least", (1e9, None)),
    ("$1bn+", "at_least", (1e9, None)),
    ("$1bn-plus", "at_least", (1e9, None)),
    ("turned over $1bn", "exact", (1e9, 1e9)),
    ("up to $1bn", "at_most", (None, 1e9)),
    ("as much as $1bn", "at_most", (None, 1e9)),
    ("a little less than $1bn", "at_most", (None, 1e9)),
    ("$1bn at most", "at_most", (None, 1e9)),
    ("between $60 million and $80 million", "range", (60e6, 80e6)),
    ("$60 million to $80 million", "range", (60e6, 80e6)),
    ("$60–80 million", "range", (60e6, 80e6)),
    ("$60m-$80m", "range", (60e6, 80e6)),
    ("$60 million or even $80 million", "range", (60e6, 80e6)),
    ("millions of dollars", "vague", (1e6, 1e9)),
    ("several hundred million dollars", "vague", (1e8, 1e9)),
    ("tens of billions of dollars", "vague", (1e10, 1e11)),
    ("tens to low hundreds of millions of dollars", "vague", (1e7, 1e9)),
    ("hundreds of millions, if not billions, of dollars", "vague", (1e8, 1e12)),
    ("a nine-figure sum", "vague", (1e8, 1e9)),
    ("a multi-billion-dollar plan", "vague", (1e9, 1e12)),
)

COUNTS = (
    ("2,048 H800 GPUs", "chips", (2048, 2048)),
    ("about 50,000 Nvidia H100s", "chips", (50_000, 50_000)),
    ("tens of thousands of Ascend chips", "chips", (1e4, 1e5)),
    ("more than 3,000 people", "people", (3000, None)),
    ("up to 200 data annotators", "people", (None, 200)),
    ("1.5 million GPU hours", "number", (1.5e6, 1.5e6)),
)

DATES = (
    ("on March 14, 2023", "2023-03-14"),
    ("on 14 March 2023", "2023-03-14"),
    ("in March 2022", "2022-03"),
    ("in late 2022", "2022"),
    ("2025-01-20", "2025-01-20"),
    ("Q1 2026", "2026-Q1"),
    ("the first quarter of 2026", "2026-Q1"),
    ("in the second half of 2024", "2024-H2"),
    ("H2 2024", "2024-H2"),
    ("yesterday", "2025-03-11"),
    ("on Monday", "2025-03-10"),
    ("last Wednesday", "2025-03-05"),
    ("on February 3", "2025-02-03"),
    ("in November", "2024-11"),
)


def one(text: str, published: date | None = None) -> Quantity:
    """The only quantity of a text."""
    [found] = find_quantities(text, published)
    return found


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [(text, *figure) for figure, texts in SAME.items() for text in texts],
)
def test_one_amount_in_all_its_writings(text: str, currency: str, amount: float) -> None:
    for sentence in (text, f"It paid {text}.", f"({text})", f"The bill: {text}, it said."):
        found = one(sentence)
        assert (found.sort, found.currency) == ("money", currency)
        assert found.low == found.high == pytest.approx(amount, rel=1e-12)
        assert found.bound == "exact"
        assert sentence[found.start : found.end] == text


@pytest.mark.parametrize(("text", "bound", "limits"), BOUNDS, ids=[row[0] for row in BOUNDS])
def test_bounds(text: str, bound: Bound, limits: Limits) -> None:
    found = one(f"It spent {text}.")
    assert (found.sort, found.currency, found.bound) == ("money", "USD", bound)
    assert (found.low, found.high) == limits


@pytest.mark.parametrize(("text", "sort", "limits"), COUNTS, ids=[row[0] for row in COUNTS])
def test_counts(text: str, sort: str, limits: Limits) -> None:
    found = one(f"It has {text}.")
    assert (found.sort, found.currency, (found.low, found.high)) == (sort, None, limits)


@pytest.mark.parametrize(("text", "iso"), DATES, ids=[row[0] for row in DATES])
def test_dates(text: str, iso: str) -> None:
    found = one(f"It opened {text}.", date(2025, 3, 12))
    assert (found.sort, found.date) == ("date", iso)


def test_relative_days_need_the_publication() -> None:
    assert find_quantities("It opened yesterday, and on Monday, and in November.") == []


@pytest.mark.parametrize("text", ["up 14%", "14 per cent", "the 3rd", "a company", "$", "€ -", ""])
def test_no_quantity(text: str) -> None:
    assert find_quantities(text) == []


def test_a_second_currency_in_brackets_belongs_to_the_first() -> None:
    found = one("It bid up to 40 billion yuan ($5.5 billion).")
    assert (found.currency, found.high) == ("CNY", 40e9)
    assert found.other == Other("USD", None, 5.5e9)


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("$1.25 per million input tokens", "per_million_tokens"),
        ("$20 a month", "per_month"),
        ("$30,000 per chip", "per_chip"),
        ("$8 million a year", "per_year"),
        ("$3,000 per book", "per_book"),
        ("$8 million a year earlier", None),
        ("$8 million a month ago", None),
    ],
)
def test_what_an_amount_is_per(text: str, per: str | None) -> None:
    assert one(text).per == per


def test_from_one_amount_to_another_is_no_range() -> None:
    found = find_quantities("It rose from $60 million to $80 million.")
    assert [(q.low, q.bound) for q in found] == [(60e6, "exact"), (80e6, "exact")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("Hangzhou paid ¥2 billion.", "CNY"), ("SoftBank paid ¥2 billion.", "JPY"), ("¥2bn", "JPY")],
)
def test_a_bare_sign_of_yen_and_yuan_goes_by_the_text(text: str, code: str) -> None:
    assert one(text).currency == code


SCALES = {
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "crore": 1e7,
    "trillion": 1e12,
}
SIGNS = sorted(sign for sign in BEFORE if sign not in {"¥", "￥"})


AROUND = st.sampled_from(
    [("", ""), ("It paid ", "."), ("Costs (", ")"), ("“", "” and left"), ("For ", "\n\nThen")]
)


@given(
    tenths=st.integers(1, 9_999),
    scale=st.sampled_from(sorted(SCALES)),
    sign=st.sampled_from(SIGNS),
    gap=st.sampled_from(["", " ", "\u00a0"]),
    around=AROUND,
)
def test_any_writing_of_a_figure_gives_its_amount(
    tenths: int, scale: str, sign: str, gap: str, around: tuple[str, str]
) -> None:
    before, after = around
    amount = tenths / 10 * SCALES[scale]
    scaled = f"{tenths / 10:,.1f}{'' if len(scale) == 1 else gap}{scale}"
    for number in (scaled, f"{round(amount):,}", str(round(amount))):
        found = one(f"{before}{sign}{gap}{number}{after}")
        assert found.currency == BEFORE[sign]
        assert found.low == found.high == pytest.approx(amount, rel=1e-12)


@given(st.integers(1, 999), st.integers(1, 999))
def test_both_ends_of_a_range_take_its_scale(one_end: int, other: int) -> None:
    low, high = sorted((one_end, other))
    found = find_quantities(f"It will cost between ${low} billion and ${high} billion.")
    assert [(q.low, q.high, q.bound) for q in found] == [(low * 1e9, high * 1e9, "range")]
    if low < high:
        assert one(f"It cost ${low}-{high} billion.").low == low * 1e9


WORDS = re.findall(
    r"\S+",
    "$ € £ ¥ ₹ RMB US$ 5 5.6 1,000 65 2024 million bn m k - – to and between about over up plus +"
    " or more ( ) % a half hundred hundreds thousands of dollars yuan per tokens month March Q1"
    " chips H100s GPUs people jobs if not even billions . ,",
)
PIECES = st.sampled_from([*WORDS, "\n", "ſ", "ı", "İ", "\u212a"])
texts = st.text(max_size=200) | st.lists(PIECES, max_size=40).flatmap(
    lambda words: st.sampled_from([" ".join(words), "".join(words)])
)


@given(texts)
def test_no_text_is_too_odd(text: str) -> None:
    found = find_quantities(text, date(2025, 3, 12))
    assert found == sorted(found, key=lambda q: (q.start, q.end))
    for quantity in found:
        assert 0 <= quantity.start <= quantity.figure < quantity.end <= len(text)
        evidence = text[quantity.start : quantity.end]
        assert evidence == evidence.strip()
        assert (quantity.sort == "money") == (quantity.currency is not None)
        assert (quantity.sort == "date") == bool(quantity.date)
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.high


ODD_LETTERS = (
    "bıllions of dollars, ſix-figure, in the fİrst quarter of 2024, on ſunday, 5 ſept 2024"
)


def test_letters_that_only_patterns_take_for_ours_are_read_as_ours() -> None:
    plain = ODD_LETTERS.translate(str.maketrans("ıſİ", "isi"))
    published = date(2025, 3, 12)
    assert find_quantities(ODD_LETTERS, published) == find_quantities(plain, published) != []


@given(texts, st.sampled_from([q for row in SAME.values() for q in row]))
def test_what_stands_in_another_paragraph_moves_an_amount_only(text: str, amount: str) -> None:
    before = f"{text}\nNothing else of note was said by the people whom we asked there.\n"
    plain = one(amount)
    moved = [q for q in find_quantities(before + amount) if q.figure >= len(before)]
    places = [
        (q.low, q.high, q.currency, q.start - len(before), q.end - len(before)) for q in moved
    ]
    assert places == [(plain.low, plain.high, plain.currency, plain.start, plain.end)]


def test_a_long_text_is_read_to_its_limit() -> None:
    text = "x " * (MAX_TEXT // 2) + "$5 million"
    assert find_quantities(text) == []
    assert len(find_quantities(text[20:])) == 1


def test_a_page_of_yen_is_searched_once_for_its_country() -> None:
    yen_or_yuan.cache_clear()
    assert len(find_quantities("Tokyo: " + "¥5 million, " * 500)) == 500
    assert yen_or_yuan.cache_info().misses == 1


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10))),
    st.integers(0, 30),
    st.integers(1, 10),
)
def test_taken_stretches(spans: list[tuple[int, int]], start: int, size: int) -> None:
    stretches = [(begin, begin + length) for begin, length in spans]
    overlap = any(max(b, start) < min(e, start + size) for b, e in stretches)
    assert Taken(40, stretches).meets(start, start + size) == overlap


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.5", 1234.5), ("1,5", 1.5), ("1,500", 1500), ("12", 12), ("3.14", 3.14)],
)
def test_digits(text: str, value: float) -> None:
    assert read_digits(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("two hundred", 200),
        ("twenty-five", 25),
        ("half a", 0.5),
        ("a hundred", 100),
        ("many", None),
    ],
)
def test_words(text: str, value: float | None) -> None:
    assert read_words(text) == value


def test_every_sign_is_read() -> None:
    for sign, code in BEFORE.items():
        wanted = {"CNY", "JPY"} if re.fullmatch("[¥￥]", sign) else {code}
        assert one(f"{sign}7 million").currency in wanted
