"""Positions of a disagreement: precisely which claims stand together, whose they are, who moved."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.figures import span
from processors.stories.ledger import Entry, Statement, ledger_entry
from tests.support.articles import claim

START = datetime(2025, 1, 1, tzinfo=UTC)


def said(
    low: float | None,
    high: float | None = None,
    *,
    day: int = 0,
    source: str = "wire",
    **given: Any,
) -> Statement:
    """A training cost of DeepSeek's R1 as one source put it on one day."""
    article = given.pop("article", f"{source}-{day}")
    story = given.pop("story", "")
    fields = {"kind": "training_cost", "subject": "DeepSeek", "object": "R1", **given}
    return Statement(
        claim=claim(low=low, high=high, **fields),
        article=article,
        source=source,
        story=story,
        at=START + timedelta(days=day),
    )


def entry(*statements: Statement) -> Entry:
    found = ledger_entry(statements)
    assert found is not None
    return found


def figures(found: Entry) -> list[str]:
    return [position.figure for position in found.positions]


def test_copies_of_one_story_are_one_origin() -> None:
    found = entry(
        said(5.6e6, day=0, source="wire", story="s1"),
        said(5.6e6, day=1, source="ledger", story="s1"),
        said(5.6e6, day=2, source="circuit", story="s1"),
        said(5.6e6, day=3, source="chipdesk", story="s2"),
        said(5.6e6, day=3, source="chipdesk", article="alone"),
        said(1.3e9, day=4, source="ledger", story="s3"),
    )
    assert found.headline == (
        "training cost · DeepSeek · R1: $5.6M (3 origins) against $1.3B (1 origin)"
    )
    assert found.positions[0].sources == ("wire", "ledger", "circuit", "chipdesk")
    assert len(found.positions[0].statements) == 5


@pytest.mark.parametrize(
    ("open_claim", "stands_by"),
    [
        (said(5e6, None, bound="at_least"), "$5.6M"),
        (said(100e6, None, bound="at_least"), "$1.3B"),
        (said(None, 6e6, bound="at_most"), "$5.6M"),
        (said(None, 2e9, bound="at_most"), "$1.3B"),
        (said(1e6, 1e7, bound="range"), "$5.6M"),
        (said(1e9, 1e12, bound="vague"), "$1.3B"),
        (said(5.9e6, bound="about"), "$5.6M"),
    ],
)
def test_an_open_figure_stands_by_the_nearest_that_it_allows(
    open_claim: Statement, stands_by: str
) -> None:
    found = entry(said(5.6e6, day=1), said(1.3e9, day=2), open_claim)
    (home,) = [it for it in found.positions if open_claim in it.statements]
    assert home.figure == stands_by


def test_a_vague_figure_that_none_fits_is_a_position_of_its_own() -> None:
    found = entry(said(5.6e6, day=1), said(1e8, 1e9, bound="vague", day=2))
    assert figures(found) == ["$5.6M", "hundreds of millions"]


def test_the_most_precise_and_most_often_said_figure_speaks_for_a_position() -> None:
    found = entry(
        said(5e6, None, bound="at_least", day=0),
        said(5.5e6, bound="about", day=1),
        said(5.576e6, day=2),
        said(5.6e6, bound="about", day=3),
        said(1.3e9, day=4),
    )
    assert figures(found)[0] == "$5.576M"


def test_who_was_first_and_who_moved() -> None:
    found = entry(
        said(5.6e6, day=0, source="wire"),
        said(5.6e6, day=1, source="ledger"),
        said(1.3e9, day=2, source="chipdesk", speaker="SemiAnalysis"),
        said(1.3e9, day=3, source="wire"),
    )
    told = [(change.statement.source, change.position, change.before) for change in found.changes]
    assert told == [("wire", 0, None), ("chipdesk", 1, None), ("wire", 1, 0)]
    assert found.positions[1].speakers == ("SemiAnalysis",)


def test_who_reports_both_figures_has_not_moved() -> None:
    found = entry(
        said(5.6e6, day=0, source="wire"),
        said(1.3e9, day=1, source="wire", article="both", start=1),
        said(5.6e6, day=1, source="wire", article="both", start=2),
        said(1.3e9, day=2, source="wire"),
    )
    assert [change.before for change in found.changes] == [None, None]


def test_what_is_denied_or_has_no_figure_states_nothing() -> None:
    assert ledger_entry([said(5.6e6, modality="denied"), said(None)]) is None
    assert figures(entry(said(5.6e6), said(1.3e9, modality="denied"))) == ["$5.6M"]


def test_the_surest_way_of_saying_comes_first_and_undated_last() -> None:
    undated = Statement(claim=said(5.6e6, modality="rumoured").claim, article="x", source="x")
    found = entry(undated, said(5.6e6, modality="reported", day=9))
    assert found.positions[0].modalities == ("reported", "rumoured")
    assert found.positions[0].last is undated


def test_dates_meet_where_one_day_could_be_both() -> None:
    dates = ("2025-01", "2025-01-20", "2025-03")
    given = [
        said(None, kind="date", object="released", date=date, day=day)
        for day, date in enumerate(dates)
    ]
    assert entry(*given).headline == (
        "date · DeepSeek · released: 2025-01-20 (2 origins) against 2025-03 (1 origin)"
    )


def test_who_gives_two_figures_disagrees_with_nobody() -> None:
    old = said(0.5, article="price", start=1)
    new = said(2.0, article="price", start=2)
    assert not entry(old, new).independent
    assert not entry(old, new, said(2.0, day=5)).independent
    assert entry(old, new, said(7.0, day=5)).independent
    assert entry(said(5.6e6), said(1.3e9, day=1)).independent
    assert entry(said(5.6e6), said(1.3e9, day=1)).origins == 2


def test_a_headline_of_many_figures_names_three() -> None:
    found = entry(*(said(10.0**power, day=power) for power in range(5, 10)))
    assert found.headline.endswith("$1M (1 origin) against $10M (1 origin) against 2 other figures")


amounts = st.floats(1, 1e15, allow_nan=False)
statements = st.one_of(
    st.builds(said, amounts),
    st.builds(said, amounts, bound=st.just("about")),
    st.builds(lambda low: said(low, None, bound="at_least"), amounts),
    st.builds(lambda high: said(None, high, bound="at_most"), amounts),
    st.builds(
        lambda one, other: said(min(one, other), max(one, other), bound="range"), amounts, amounts
    ),
)


@given(st.lists(statements, min_size=1, max_size=12))
def test_every_claim_has_one_position_and_all_of_a_position_meet(said: list[Statement]) -> None:
    found = entry(*said)
    assert sum(len(position.statements) for position in found.positions) == len(said)
    for position in found.positions:
        for statement in position.statements:
            low, high = span(statement.claim) or (inf, -inf)
            assert low <= position.at <= high


@given(st.lists(statements, min_size=1, max_size=12))
def test_there_are_no_more_positions_than_claims_that_exclude_each_other(
    said: list[Statement],
) -> None:
    found = entry(*said)
    ends = []
    for position in found.positions:
        spans = [span(it.claim) or (0.0, inf) for it in position.statements]
        ends.append(min(spans, key=lambda it: (it[1], -it[0])))
    ends.sort()
    assert all(left[1] < right[0] for left, right in pairwise(ends))
