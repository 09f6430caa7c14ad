"""What is shown of counted values."""

from services.index import FacetCount
from services.index.documents import BETWEEN
from services.index.facets import MOST, chosen, facet, names_of


def test_the_most_frequent_come_first_and_months_by_time() -> None:
    counts = [("b", 2), ("c", 5), ("a", 2)]
    assert chosen("source", counts) == [("c", 5), ("a", 2), ("b", 2)]
    assert chosen("month", [("2024-12", 9), ("2025-01", 1)])[0] == ("2025-01", 1)
    assert len(chosen("entity", ((str(n), 1) for n in range(100)))) == MOST["entity"]


def test_values_with_one_label_are_told_apart() -> None:
    shown = facet(
        "source", [("wire", 2), ("archive", 1), ("l", 1)], {"wire": "Wire", "archive": "Wire"}
    )
    assert [one.label for one in shown] == ["Wire (wire)", "Wire (archive)", "l"]
    assert facet("claim", [("chip_count", 1)], {}) == (FacetCount("chip_count", "chip count", 1),)


def test_the_usual_name_of_an_id() -> None:
    counts = {"a A": 2, "a Aa": 3, "a ": 9, "b B": 1, "b Bb": 1, "c ": 1}
    labels = [(label.replace(" ", BETWEEN), count) for label, count in counts.items()]
    assert names_of(labels) == {"a": "Aa", "b": "Bb"}
