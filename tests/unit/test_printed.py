"""Query trees as text: what is read is printed so that it is read again as the same tree."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from processors.query import tree
from processors.query.errors import QueryError
from processors.query.lexer import MAX_CHARACTERS
from processors.query.printed import printed
from processors.query.syntax import MAX_DEPTH, parse_query
from tests.support.articles import at


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", ""),
        ("Lower  cost", "Lower cost"),
        ('"lower cost"', '"lower cost"'),
        ("“C++”", "C++"),
        ("„-chip“", '"-chip"'),
        ('"AND"', '"AND"'),
        ('"usd<5"', '"usd<5"'),
        ('"a:b" "c*"', '"a:b" "c*"'),
        ("us", "us"),
        ('title:"to us" OR U.S.', 'title:"to us" OR U.S.'),
        ("NOT us (a b) OR c", "-us (a b) OR c"),
        ("NOT (us OR a) (b OR c)", "-(us OR a) (b OR c)"),
        ("a OR (b OR us)", "a OR (b OR us)"),
        ("NOT NOT a", "--a"),
        ('title:"cost chip"~5 "Cost chip"~5', 'title:"cost chip"~5 "Cost chip"~5'),
        ("Inferen* title:50,000*", "inferen* title:50000*"),
        ('Entity:"Sam Altman" ORG:meta', 'entity:"Sam Altman" org:meta'),
        ('mood:"Deep Harbour">=-0.30 mood:a=-0', 'mood:"Deep Harbour">=-0.3 mood:a=0'),
        ("source:wire author:>x lang:en-GB", "source:wire author:>x lang:en"),
        ('section:"a b" story:S is:original', 'section:"a b" story:s is:original'),
        ("after:2025 before:2025-02-03T04:05", "after:2025-01-01 before:2025-02-03T04:05:00"),
        ("after:1d", "after:2025-01-01"),
        ("after:1h", "after:2025-01-01T23:00:00"),
        ('usd:>"10 million" modality:done', "claim:any(usd>10M modality:done)"),
        ("usd:>10,000,000", "usd>10M"),
        ("usd=1.5bn", "usd:1.5B"),
        ("count>=2k", "count>=2000"),
        ("count<1234567.5", "count<1234567.5"),
        ("usd:..5 usd:.5..7", "claim:any(usd<=5 usd:0.5..7)"),
        ("claim:Training-Cost", "claim:training_cost"),
        ("claim:fine(usd<1k date=2025-q1)", "claim:fine(usd<1000 date:2025-q1)"),
        ("claim:fine claim:loss usd:1", "claim:fine claim:loss(usd:1)"),
        ("claim:fine (usd:1) usd:2", "claim:fine(usd:2) (usd:1)"),
        ('subject:"Deep Harbour" -usd>5', 'subject:"Deep Harbour" -usd>5'),
    ],
)
def test_what_a_query_is_printed_as(query: str, text: str) -> None:
    node = parse_query(query, at(12))
    assert printed(node) == text
    assert parse_query(text) == node


@pytest.mark.parametrize(
    "node",
    [
        tree.Published(),
        tree.Published(after=at(0), before=at(1)),
        tree.EntityIs("a", ("fund",)),
        tree.And((tree.All(), tree.Original())),
        tree.And((tree.Original(),)),
        tree.And((tree.Or(()), tree.Original())),
        tree.Words(("a",), 'a "'),
        tree.Words(("us",), "us"),
        tree.Near(("a", "b"), 1, ""),
    ],
    ids=repr,
)
def test_what_no_text_means(node: tree.Node) -> None:
    with pytest.raises(ValueError, match=r"means|quoted"):
        printed(node)


@example(f"{'(' * MAX_DEPTH}claim:fine usd:1 claim:loss{')' * MAX_DEPTH}")
@example("-" * MAX_DEPTH + "(a" + ")")
@example("x/" * (MAX_CHARACTERS // 2))
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                *(
                    'us"',
                    "us",
                    '"',
                    "“a us b”",
                    '"',
                    "(",
                    ")",
                    "-",
                    " OR ",
                    " AND ",
                    "~3",
                    "*",
                    ":",
                ),
                *("title:", "mood:", "us<0", "<-0.5", "claim:fine(", "usd:", "1..2", "usd>", "5M"),
                *("date:2025", "subject:", "after:", "2025", "1d", " ", "é", "'s", "ÚS", "50,000"),
                *("story:", "entity:", "person:", "\u200b", "İ", "ß", "．", "&&", "||", "count<"),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_whatever_is_read_is_printed_and_read_again(query: str) -> None:
    try:
        node = parse_query(query, at(0))
    except QueryError:
        return
    assert parse_query(printed(node)) == node
