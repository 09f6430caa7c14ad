"""Words that find an article weigh it: with the same score as weights beside a filter."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tantivy import Occur, Query

from processors.query.tree import (
    And,
    EntityIs,
    LanguageIs,
    Near,
    Node,
    Not,
    Or,
    Prefix,
    Where,
    Words,
)
from services.index.relevance import phrases, weights
from services.index.tantivy import TantivyIndex
from services.index.tantivy_query import ARTICLES, scored, silent
from services.index.tantivy_read import View
from tests.support.articles import article, entity

PLACES: tuple[Where, ...] = ("", "title")
WORDS = ("alpha", "beta", "gamma", "delta")
words = st.builds(
    lambda said, where: Words(tuple(said), " ".join(said), where),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    st.sampled_from(PLACES),
)
leaves: st.SearchStrategy[Node] = words | st.sampled_from(
    [
        Near(("alpha", "beta"), 2, "alpha beta"),
        Prefix("ga"),
        EntityIs("tern"),
        LanguageIs("de"),
    ]
)
nodes: st.SearchStrategy[Node] = st.recursive(
    leaves,
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple))
        | st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """Forty articles whose words differ in which they are, how often and where they stand."""
    with TantivyIndex(tmp_path_factory.mktemp("scores") / "index", write=True) as index:
        index.put(
            [
                article(
                    f"s{number}",
                    title=" ".join(WORDS[number % 5 : number % 5 + 2]) or "none",
                    body=" ".join(WORDS[(number + at) % 4] for at in range(number % 7 + 1))
                    + " filler" * (120 if number % 3 else 0)
                    + " delta alpha" * (number % 4),
                    language="de" if number % 2 else "en",
                    entities=(entity("Tern"),) if number % 3 else (),
                )
                for number in range(40)
            ]
        )
        view = index._view()
        assert view is not None
        yield view


def scores(view: View, query: Query) -> dict[tuple[int, int], float]:
    hits = view._searcher.search(query, limit=100).hits
    return {(at.segment_ord, at.doc): score for score, at in hits}


@settings(max_examples=300)
@given(nodes)
def test_scores_are_those_of_weights_beside_a_filter(view: View, node: Node) -> None:
    compiler = view._compiler("article")
    beside = [
        (Occur.Should, Query.const_score_query(ARTICLES.phrase(field, phrase[1]), weight))
        for phrase in phrases(node)
        for field, weight in weights(phrase)
    ]
    plain = Query.boolean_query([(Occur.Must, silent(compiler.node(node))), *beside])
    assert scores(view, scored(node, compiler)) == scores(view, plain)


def test_each_place_of_a_word_counts(view: View) -> None:
    """The first article has two words in its headline, and one of them in its body."""
    node = Words(("alpha",), "alpha")
    found = scores(view, scored(node, view._compiler("article")))
    assert {4.0 + 2.0 + 1.0, 2.0 + 1.0} <= set(found.values())
