"""What is shown of a facet."""

from services.index import FacetCount
from services.index.documents import BETWEEN
from services.index.facets import MOST, by_label, by_value, told_apart


def test_the_most_frequent_come_first_and_the_rest_is_left_out() -> None:
    counts = [(f"kind_{n:03}", n // 2) for n in range(60)]
    shown = by_value("claim", counts)
    assert len(shown) == MOST["claim"]
    assert [one.value for one in shown[:3]] == ["kind_058", "kind_059", "kind_056"]
    assert shown[0].label == "kind 058"


def test_a_value_is_called_as_most_of_its_articles_call_it() -> None:
    labels = [(f"l{BETWEEN}Ledger", 2), (f"l{BETWEEN}The Ledger", 3), (f"l{BETWEEN}", 9), ("w", 1)]
    assert by_label("source", labels) == (
        FacetCount("l", "The Ledger", 14),
        FacetCount("w", "w", 1),
    )


def test_values_of_one_name_are_told_apart() -> None:
    shown = [FacetCount("a", "News", 2), FacetCount("b", "News", 1), FacetCount("c", "Wire", 1)]
    labels = [one.label for one in told_apart(shown)]
    assert labels == ["News (a)", "News (b)", "Wire"]
