"""Queries of Elasticsearch that no server is needed for."""

import json
from itertools import product
from random import Random

from processors.query.tree import ClaimIs, Usd, Words
from services.index.elasticsearch_compile import Compiler, Query
from services.index.shallow import DEEPEST
from tests.specs.test_queries import random_node
from tests.unit.test_shallow import nested

FORBIDDEN = ("script", "fuzzy", "regexp", "prefix", "wildcard", "nested", "query_string")
"""What ``search.allow_expensive_queries: false`` forbids, and what parses a user's text."""


def articles_of(query: Query) -> list[str]:
    return ["1"]


def levels(value: object) -> int:
    """Queries within queries, as the server counts them."""
    if isinstance(value, dict):
        inside = max(map(levels, value.values()), default=0)
        return inside + bool(value.keys() & {"bool", "constant_score", "term", "match_phrase"})
    return max(map(levels, value), default=0) if isinstance(value, list) else 0


def test_only_cheap_queries_of_few_levels_are_made() -> None:
    random = Random(4)
    nodes = [random_node(random) for _ in range(300)]
    nodes += [nested(random, random.randint(DEEPEST, 63)) for _ in range(30)]
    for node in nodes:
        for compiler in (Compiler("article", articles_of), Compiler("claim", articles_of)):
            asked = compiler.ordered(node)
            text = json.dumps(asked)
            assert not [name for name in FORBIDDEN if f'"{name}"' in text]
            assert levels(asked) <= 30


def test_a_word_is_never_parsed() -> None:
    odd = ("a*", '"', "OR", "{x TO y]", "\\")
    asked = Compiler("article", articles_of).ordered(Words(odd, " ".join(odd)))
    first = asked["bool"]["filter"][0]["bool"]["should"][0]
    assert first == {"match_phrase": {"terms.title": " ".join(odd)}}
    scores = [one["constant_score"] for one in asked["bool"]["should"]]
    assert [one["boost"] for one in scores] == [4.0, 2.0, 1.0]


def test_bounds_on_one_claim_are_one_window() -> None:
    """What the window says of ranges is what the bounds say of a claim's two figures."""
    figures = (1.0, 2.0, 3.0, 4.0)
    compiler = Compiler("article", articles_of)
    for low, high in product(figures, figures):
        for over, under in product((">", ">="), ("<", "<=")):
            node = ClaimIs("loss", (Usd(over, low), Usd(under, high)))  # type: ignore[arg-type]
            (asked,) = compiler.query(node)["bool"]["filter"]
            (how,) = asked["range"].values()
            for first, last in product(figures, figures):
                if first > last:
                    continue
                overs = last > low or (over == ">=" and last == low)
                unders = first < high or (under == "<=" and first == high)
                if how["relation"] == "intersects":
                    meets = first <= how["lte"] and last >= how["gte"]
                else:
                    meets = first <= how["gte"] and last >= how["lte"]
                assert meets == (overs and unders)
                assert how["gte"] <= how["lte"]
