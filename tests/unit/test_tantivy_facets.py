"""Facets of very many articles: entities are told from a sample, and said to be."""

from collections.abc import Iterator

import pytest

from processors.query.syntax import parse_query
from processors.records import Article
from services.index.tantivy import TantivyIndex
from services.index.tantivy_facets import rounded
from tests.support.articles import article, entity

MANY = 2_000


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyIndex]:
    """One article in four names Deep Harbour, one in forty Tern."""
    with TantivyIndex(tmp_path_factory.mktemp("many") / "index", write=True) as index:
        index.put([numbered(number) for number in range(MANY)])
        yield index


def numbered(number: int) -> Article:
    named = [entity("Deep Harbour")] * (number % 4 == 0) + [entity("Tern")] * (number % 40 == 0)
    return article(f"s{number}", entities=tuple(named), hours=number)


def test_few_are_counted(index: TantivyIndex) -> None:
    found = index.search(parse_query(""), facets=True)
    assert [(one.value, one.count, one.about) for one in found.facets["entity"]] == [
        ("deep-harbour", MANY // 4, False),
        ("tern", MANY // 40, False),
    ]


def test_many_are_estimated_and_the_rest_is_counted(
    index: TantivyIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.index.tantivy_facets.ALL_LOOKED_AT", 1_000)
    monkeypatch.setattr("services.index.tantivy_facets.SAMPLE", 800)
    found = index.search(parse_query(""), facets=True)
    often, seldom = found.facets["entity"]
    assert often.about
    assert seldom.about
    assert often.count == pytest.approx(MANY // 4, rel=0.25)
    assert seldom.count == pytest.approx(MANY // 40, rel=0.75)
    assert found.total == MANY
    assert [(one.count, one.about) for one in found.facets["source"]] == [(MANY, False)]
    assert sum(day.count for day in found.days) == MANY


def test_an_estimate_has_two_digits() -> None:
    assert [rounded(value) for value in (0, 7.4, 12.6, 1234.5, 98_765)] == [0, 7, 13, 1200, 99_000]
