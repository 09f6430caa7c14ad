"""Queries of Elasticsearch that no server is needed for."""

import json
from random import Random

from processors.query.tree import ClaimIs, Node, Words
from services.index.compile import Compiler, Kind
from services.index.elasticsearch_query import SHAPES, Query, scored, silent
from services.index.shallow import DEEPEST, shallow
from tests.specs.chance import random_node
from tests.unit.test_shallow import nested

FORBIDDEN = ("script", "fuzzy", "regexp", "wildcard", "nested", "query_string")
"""What ``search.allow_expensive_queries: false`` forbids, and what parses a user's text."""


def asked(kind: Kind, node: Node) -> Query:
    def making(claim: ClaimIs) -> Query:
        return {"ids": {"values": ["1"]}}

    return scored(silent(Compiler(SHAPES, kind, making).node(shallow(node))), node)


def levels(value: object) -> int:
    """Queries within queries, as the server counts them."""
    if isinstance(value, dict):
        inside = max(map(levels, value.values()), default=0)
        kinds = {"bool", "constant_score", "term", "match_phrase", "span_near", "span_term"}
        return inside + bool(value.keys() & kinds)
    return max(map(levels, value), default=0) if isinstance(value, list) else 0


def test_only_cheap_queries_of_few_levels_are_made() -> None:
    random = Random(4)
    nodes = [random_node(random) for _ in range(300)]
    nodes += [nested(random, random.randint(DEEPEST, 63)) for _ in range(30)]
    kinds: tuple[Kind, ...] = ("article", "claim")
    for node in nodes:
        for kind in kinds:
            text = json.dumps(query := asked(kind, node))
            assert not [name for name in FORBIDDEN if f'"{name}"' in text]
            assert levels(query) <= 30


def test_a_word_is_never_parsed() -> None:
    odd = ("a*", '"', "OR", "{x TO y]", "\\")
    query = asked("article", Words(odd, " ".join(odd)))["bool"]
    first = query["filter"][0]["bool"]["filter"][0]["bool"]["should"][0]
    assert first == {"match_phrase": {"terms.title": " ".join(odd)}}
    scores = [one["constant_score"] for one in query["should"]]
    assert [one["boost"] for one in scores] == [4.0, 2.0, 1.0]
