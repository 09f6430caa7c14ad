"""Addresses, clauses, days, carets and times: the pure parts of the pages."""

from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.query.syntax import QueryError, parse_query
from processors.query.tree import All, And, Published, Words
from services.errors import UserError
from services.web.clauses import Typed, clauses, filter_clause, with_clause
from services.web.moments import ago, exact
from services.web.pages import EXAMPLES
from services.web.paging import Neighbours, neighbours
from services.web.problems import with_caret
from services.web.state import FURTHEST, LAST_PAGE, MAX_CURSOR, SearchState, between, read_state

NOW = datetime(2025, 3, 1, tzinfo=UTC)
plain = st.text(st.characters(codec="utf-8"), max_size=30)
states = st.builds(
    SearchState,
    q=plain,
    sort=st.sampled_from(("", "relevance", "newest", "oldest")),
    page=st.integers(1, LAST_PAGE),
    after=st.sampled_from(("", "2025-01-01", "x")),
    before=st.sampled_from(("", "2025-02-01")),
    fold=st.booleans(),
    read=st.sampled_from(("", "0" * 32, "&=#?")),
)
deep = st.builds(
    lambda state, page, cursor: msgspec.structs.replace(state, page=page, cursor=cursor),
    states,
    st.integers(1, FURTHEST),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=MAX_CURSOR)
    .map(str.strip)
    .filter(bool),
)
words = st.sampled_from(
    (
        "chips",
        '"lower cost"',
        "entity:nvidia",
        "claim:loss",
        "NOT",
        "AND",
        "OR",
        "(",
        ")",
        "-",
        "usd:>1M",
        '"',
    )
)
queries = st.lists(words, max_size=7).map(" ".join)


def reads(query: str) -> bool:
    try:
        parse_query(query)
    except QueryError:
        return False
    return True


@given(states | deep)
def test_a_state_survives_its_address(state: SearchState) -> None:
    parts = urlsplit(state.address("/claims"))
    assert parts.path == "/claims"
    assert read_state(dict(parse_qsl(parts.query, keep_blank_values=True))) == state


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "1.5", "99999999999999999999"])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert read_state({"page": page}).page == 1


def test_a_page_too_far_is_the_last_one_that_engines_are_asked_for() -> None:
    assert read_state({"page": "70000"}).page == LAST_PAGE


def test_a_change_starts_at_the_first_page_again() -> None:
    there = SearchState(q="a", page=7, cursor="c", read="r")
    assert there.but(sort="oldest") == SearchState(q="a", sort="oldest")
    assert there.but() == SearchState(q="a")


def test_what_is_read_beside_the_results_changes_nothing_else() -> None:
    there = SearchState(q="a", page=7, cursor="c", fold=False)
    assert there.but(read="r").but(read="") == there


def test_pages_are_numbered_as_far_as_they_can_be_gone_back_to() -> None:
    first, last = SearchState(q="a"), SearchState(q="a", page=LAST_PAGE, read="r")
    assert neighbours(first, "c", "/") == Neighbours("", "/?q=a&page=2")
    assert neighbours(first, "", "/") == Neighbours("", "")
    assert neighbours(last, "c", "/") == Neighbours("/?q=a&page=499", "/?q=a&page=501&cursor=c")
    beyond = SearchState(q="a", page=9000, cursor="c")
    assert neighbours(beyond, "d", "/") == Neighbours("/?q=a&page=500", "/?q=a&page=9001&cursor=d")


def test_without_a_query_the_newest_come_first() -> None:
    assert SearchState().order == "newest"
    assert SearchState(q="chips").order == "relevance"
    assert read_state({"sort": "; drop"}).order == "newest"


def test_days_narrow_the_query() -> None:
    node = between(Words(("chip",), "chips"), SearchState(after="2025-01-01"))
    day = Published(after=datetime(2025, 1, 1, tzinfo=UTC))
    assert node == And((Words(("chip",), "chips"), day))
    assert between(All(), SearchState(after="2025-01-01")) == day
    assert between(All(), SearchState()) == All()


def test_a_day_that_is_none_is_told_apart() -> None:
    with pytest.raises(UserError, match="2025-02-30"):
        between(All(), SearchState(before="2025-02-30"))


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("", ()),
        ("chips money", ("chips", "money")),
        ("a AND b", ("a", "b")),
        ('"lower cost" entity:"Sam Altman"', ('"lower cost"', 'entity:"Sam Altman"')),
        ("(a OR b) c", ("(a OR b)", "c")),
        ("NOT a -b NOT (c d)", ("NOT a", "-b", "NOT (c d)")),
        ("a OR b", None),
        ('a "b', None),
        ("a) b", None),
        ("a NOT", None),
    ],
)
def test_the_clauses_of_a_query(query: str, parts: tuple[str, ...] | None) -> None:
    assert clauses(query) == parts


@given(queries)
def test_a_sound_query_stays_sound_with_a_filter_more_or_less(query: str) -> None:
    if not reads(query):
        return
    narrowed = with_clause(query, "source:ledger")
    assert reads(narrowed)
    assert "source:ledger" in (clauses(narrowed) or ())
    for part in clauses(query) or ():
        assert reads(part)
        assert reads(Typed.of(query).without(part))


def test_a_filter_holds_for_both_sides_of_an_or() -> None:
    assert with_clause("a OR b", "source:x") == "(a OR b) source:x"


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_a_filter_on_any_value_is_one_clause(value: str) -> None:
    assert len(clauses(filter_clause("source", value)) or ()) == 1


@pytest.mark.parametrize("example", [query for query, _ in EXAMPLES])
def test_every_example_can_be_read(example: str) -> None:
    assert parse_query(example, NOW) != All()


@given(plain.map(lambda text: text * 8), st.integers(-2, 300))
def test_the_caret_stands_under_its_character(query: str, position: int) -> None:
    line, caret = with_caret(query, position)
    assert caret == " " * (len(caret) - 1) + "^"
    assert len(line) <= 92
    assert line.isprintable()


def test_the_caret_counts_wide_and_combining_characters_as_they_are_shown() -> None:
    assert with_caret("芯片 (", 3) == ("芯片 (", "     ^")
    assert with_caret("e\u0301 (", 3) == ("e\u0301 (", "  ^")
    line, caret = with_caret("x" * 500 + "(", 500)
    assert line.index("(") == caret.index("^")


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=14), "14 s ago"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(hours=5), "5 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29), "29 days ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(milliseconds=4), "now"),
    ],
)
def test_how_long_ago(gap: timedelta, words: str) -> None:
    assert ago(NOW - gap, NOW) == words


def test_an_exact_time_names_its_zone() -> None:
    at = datetime(2025, 1, 8, 9, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert exact(at) == "8 Jan 2025, 09:05 UTC+05:30"
    assert exact(at.astimezone(timezone(timedelta(hours=-3)))) == "8 Jan 2025, 00:35 UTC−03:00"
    assert exact(at.astimezone(UTC)) == "8 Jan 2025, 03:35 UTC"
