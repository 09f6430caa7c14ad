"""Trees of any depth become trees of few levels that mean the same."""

from random import Random

from processors.query.syntax import MAX_DEPTH, parse_query
from processors.query.tree import All, And, Node, Not, Or
from services.index.shallow import DEEPEST, depth, shallow
from tests.specs.chance import random_article, random_node, random_words
from tests.specs.matcher import matches


def nested(random: Random, levels: int) -> Node:
    node = random_words(random)
    for level in range(levels):
        other = random_node(random, depth=3)
        node = (And if level % 2 else Or)((node, other))
        node = Not(node) if random.random() < 0.5 else node
    return node


def leaves(node: Node) -> int:
    match node:
        case And(parts=parts) | Or(parts=parts):
            return sum(map(leaves, parts))
        case Not(part=part):
            return leaves(part)
        case _:
            return 1


def test_a_shallow_tree_means_the_same() -> None:
    random = Random(7)
    articles = [random_article(random, number) for number in range(30)]
    found = 0
    for _ in range(60):
        node = nested(random, random.randint(1, 63))
        flat = shallow(node)
        assert depth(flat) <= DEEPEST + 6
        assert leaves(flat) < 1000
        for one in articles:
            assert matches(flat, one) == matches(node, one)
            found += matches(node, one)
    assert 300 < found < 1500


def test_everything_and_nothing() -> None:
    word = parse_query("chips")
    assert shallow(And((All(), word))) == word
    assert shallow(Or((All(), word))) == All()
    assert shallow(Not(Or((Not(word), Not(All()))))) == word
    assert shallow(And((Not(All()), word))) == Not(All())


def test_the_deepest_query_that_is_understood_becomes_shallow() -> None:
    text = "x"
    for level in range(MAX_DEPTH - 1):
        text = f"(a{level} OR b{level} {text})"
    node = parse_query(text)
    assert depth(node) > 50
    assert depth(shallow(node)) <= DEEPEST + 6
