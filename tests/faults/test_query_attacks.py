"""Row 67: queries made to hurt are answered at once, with their place; whatever the text."""

import os
from random import Random
from time import perf_counter

import pytest

from processors.query.errors import QueryError
from processors.query.explain import explain
from processors.query.syntax import parse_query
from processors.query.tree import Node

ATTACKS = {
    "100,000 parentheses": "(" * 100_000,
    "as many as fit": "(" * 2_000,
    "a million terms": "a " * 1_000_000,
    "as many terms as fit": "a " * 1_000,
    "NOT, 100,000 times": "NOT " * 100_000,
    "NOT, as often as fits": "NOT " * 500,
    "minus, as often as fits": "-" * 1_999 + "a",
    "a star in front": "*idia",
    "a star alone": "*",
    "a short beginning": "a*",
    "an open quote": '"lower cost',
    "quotes without end": '"' * 2_000,
    "a quote in another's style": "“" * 1_999,
    "a distance beyond all": '"a b"~99999999',
    "a figure beyond all": "usd:1e400",
    "digits without end": "usd:" + "9" * 1_990,
    "a range without end": "usd:" + "." * 1_990,
    "a claim in a claim": "claim:loss(" * 180,
    "conditions without end": "claim:loss(" + "usd>1 " * 320,
    "a name without end": "entity:" + "x" * 1_990,
    "colons": "a:" * 1_000,
    "NUL": "\0" * 2_000,
    "lone surrogates": "\ud800" * 2_000,
    "marks upon marks": "e" + "\u0301" * 1_990,
    "digits of every script": "٣" * 1_990,
    "brackets in turn": "(a)" * 600,
    "choices": "a OR " * 399 + "a",
}
"""What a user may type or a program send."""
TEXT = {"a name without end", "marks upon marks", "digits of every script"}
"""What may be looked for all the same."""
SECONDS = 0.02
TRIES = 5
ALPHABET = [
    *'()"“”-*~:<>=.,$%^/\\ \t\n\0',
    "AND ",
    "OR ",
    "NOT ",
    "claim:",
    "usd<",
    "mood:",
    "a",
    "9",
]
INPUTS = int(os.environ.get("TEST_CASES", "20000"))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_answered_at_once(name: str) -> None:
    took, answer = min((_timed(ATTACKS[name]) for _ in range(TRIES)), key=lambda pair: pair[0])
    assert took < SECONDS
    if isinstance(answer, QueryError):
        assert 0 <= answer.position <= len(ATTACKS[name])
    assert isinstance(answer, QueryError) == (name not in TEXT)


def test_whatever_is_typed_is_a_query_or_an_error_with_its_place() -> None:
    random = Random(67)
    refused = 0
    for _ in range(INPUTS):
        text = "".join(random.choices(ALPHABET, k=random.randint(1, 40)))
        _, answer = _timed(text)
        if isinstance(answer, QueryError):
            refused += 1
            assert 0 <= answer.position <= len(text)
            assert answer.render()
        else:
            assert explain(answer)
    assert INPUTS * 0.05 < refused < INPUTS


def _timed(text: str) -> tuple[float, Node | QueryError]:
    start = perf_counter()
    try:
        answer: Node | QueryError = parse_query(text)
    except QueryError as error:
        answer = error
    return perf_counter() - start, answer
