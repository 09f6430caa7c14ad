"""The matcher of topics agrees with the plainest code, whatever topics come and go meanwhile."""

from random import Random

import pytest

from processors.query.match import Matcher, matches
from processors.query.syntax import parse_query
from processors.query.tree import Node
from tests.specs import matcher as plain
from tests.specs.chance import random_article, random_node
from tests.specs.queries import NEWSROOM, SPECS, Spec
from tests.support.articles import at

TOPICS = 1_200


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.title)
def test_the_table(spec: Spec) -> None:
    node = parse_query(spec.query, at(0))
    alone = {one.url.rpartition("/")[2] for one in NEWSROOM if matches(node, one)}
    assert alone == set(spec.hits.split())


def test_the_whole_table_at_once() -> None:
    topics = Matcher()
    for number, spec in enumerate(SPECS):
        topics.add(f"{number:03}", parse_query(spec.query, at(0)))
    for one in NEWSROOM:
        slug = one.url.rpartition("/")[2]
        expected = [f"{at:03}" for at, spec in enumerate(SPECS) if slug in spec.hits.split()]
        assert topics.matching(one) == expected


@pytest.mark.parametrize("seed", range(3))
def test_topics_that_come_and_go(seed: int) -> None:
    """48,000 pairs a seed; between two articles 20 topics change and 5 go."""
    random = Random(seed)
    nodes: dict[str, Node] = {f"{number:04}": random_node(random) for number in range(TOPICS)}
    topics = Matcher()
    for key, node in nodes.items():
        topics.add(key, node)
    hits = 0
    for number in range(40):
        article = random_article(random, number)
        expected = [key for key in sorted(nodes) if plain.matches(nodes[key], article)]
        assert topics.matching(article) == expected
        hits += len(expected)
        for key in random.sample(sorted(nodes), 20):
            nodes[key] = random_node(random)
            topics.add(key, nodes[key])
        for key in random.sample(sorted(nodes), 5):
            del nodes[key]
            topics.remove(key)
        assert len(topics) == len(nodes)
    assert 5_000 < hits < 40_000, "the topics are too narrow or too wide to show anything"


def test_one_topic_and_one_article() -> None:
    random = Random(4)
    for number in range(4_000):
        node, article = random_node(random), random_article(random, number)
        assert matches(node, article) == plain.matches(node, article), node
