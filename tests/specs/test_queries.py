"""The tables of ``queries.py`` and the plain matcher, against every index."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from processors.figures import figure
from processors.query.match import Matcher
from processors.query.syntax import parse_query
from processors.query.tree import All, Or
from processors.records import Article
from services.index import ClaimSort, Index
from tests.specs.chance import random_article, random_node, random_words
from tests.specs.matcher import matches
from tests.specs.printed import PAGE, page
from tests.specs.queries import CLAIM_SPECS, NEWSROOM, SPECS, Spec
from tests.support.articles import at
from tests.support.engines import ENGINES, opened

SLUGS = {one.id: one.url.rpartition("/")[2] for one in NEWSROOM}


@pytest.fixture(scope="module", params=ENGINES)
def any_index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    with opened(request.param, tmp_path_factory.mktemp("specs")) as index:
        index.put(NEWSROOM)
        yield index


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_articles_found(spec: Spec, any_index: Index) -> None:
    found = any_index.search(parse_query(spec.query, at(0)))
    assert {SLUGS[hit.article.id] for hit in found.hits} == set(spec.hits.split())
    assert found.total == len(spec.hits.split())


@pytest.mark.parametrize("spec", CLAIM_SPECS, ids=lambda spec: spec.title)
def test_claims_found(spec: Spec, any_index: Index) -> None:
    found = any_index.claims(parse_query(spec.query, at(0)))
    figures = [
        figure(hit.claim).strip("$≥~ ").replace(" ", "").replace(",", "") or "-"
        for hit in found.claims
    ]
    assert sorted(figures) == sorted(spec.hits.split())
    assert found.total == len(figures)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_the_plain_matcher_agrees_with_the_table(spec: Spec) -> None:
    node = parse_query(spec.query, at(0))
    assert {SLUGS[one.id] for one in NEWSROOM if matches(node, one)} == set(spec.hits.split())


HOW: list[dict[str, Any]] = [
    {"offset": 3, "sort": "oldest"},
    {"sort": "newest"},
    {"sort": "newest", "fold": True},
    {"offset": 1, "fold": True},
]


def put_all(articles: list[Article], *indices: Index) -> None:
    """In parts, so that an index has several segments."""
    for index in indices:
        for start in range(0, len(articles), 10):
            index.put(articles[start : start + 10])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_and_both_matchers_agree(engine: str, tmp_path: Path) -> None:
    """300 queries over 40 articles: 12,000 pairs, and as many for their claims."""
    random = Random(20250128)
    articles = [random_article(random, number) for number in range(40)]
    nodes = (All(), *(random_node(random) for _ in range(300)))
    topics, hits = Matcher(), 0
    for number, node in enumerate(nodes):
        topics.add(f"{number}", node)
    matched = {one.id: set(topics.matching(one)) for one in articles}
    with opened(engine, tmp_path / "index") as index:
        put_all(articles, index)
        for number, node in enumerate(nodes):
            found = {hit.article.id for hit in index.search(node, limit=100).hits}
            assert found == {one.id for one in articles if matches(node, one)}, node
            assert found == {id for id, keys in matched.items() if f"{number}" in keys}, node
            claims = [(hit.article_id, hit.claim) for hit in index.claims(node, limit=200).claims]
            expected = [
                (one.id, own) for one in articles for own in one.claims if matches(node, one, own)
            ]
            assert sorted(claims, key=repr) == sorted(expected, key=repr), node
            hits += len(found)
    assert 1000 < hits < 11_000, "the queries are too narrow or too wide to show anything"


@pytest.mark.connected("elasticsearch")
def test_both_engines_give_the_same_results(tmp_path: Path) -> None:
    """Hits, scores, marks, facets and claims, each in the same order; after edits as well."""
    random = Random(20250129)
    articles = [random_article(random, number) for number in range(60)]
    articles += [random_article(random, number) for number in range(0, 60, 3)]
    nodes = [random_node(random) for _ in range(60)]
    nodes += [Or((random_words(random), random_words(random), node)) for node in nodes]
    several = 0
    with opened("tantivy", tmp_path / "index") as one, opened("elasticsearch", tmp_path) as other:
        put_all(articles, one, other)
        for node in (All(), *nodes):
            first = one.search(node, limit=100, facets=True)
            assert other.search(node, limit=100, facets=True) == first, node
            for how in HOW:
                page = one.search(node, limit=4, **how)
                assert other.search(node, limit=4, **how) == page, node
                if page.next:
                    again = one.search(node, limit=4, after=page.next, **how)
                    assert other.search(node, limit=4, after=page.next, **how) == again, node
            for sort in get_args(ClaimSort):
                claims = one.claims(node, limit=9, sort=sort)
                assert other.claims(node, limit=9, sort=sort) == claims, node
            assert other.disputes(node) == one.disputes(node), node
            several += len({hit.score for hit in first.hits}) > 1
        words = ["nvidai", "chisp", "milion", "harbor", "nothing"]
        assert other.suggest(words) == one.suggest(words) != {}
        assert one.stats() == other.stats()
    assert several > 30, "most orders do not depend on the score"


def test_the_docs_show_this_table() -> None:
    assert PAGE.read_text() == page(), "print it again: python -m tests.specs.printed"
