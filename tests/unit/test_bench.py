"""The benches measure what they say: small runs of the real commands."""

import json

import pytest

from services.bench.language import coverage
from services.bench.machine import this_machine
from tests.support.processes import beatwire


def test_a_figure_names_its_machine() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.processor
    assert len(machine.date) == len("2025-01-28")


@pytest.mark.slow
def test_bench_nlp_compares_with_the_plain_model() -> None:
    found = json.loads(beatwire("bench", "nlp", "--words", "500", "--rounds", "1", "--json"))
    assert [each["texts"] for each in found["found"]] == ["coverage", "newsroom"]
    for each in found["found"]:
        assert each["words"] >= 500
        assert each["ratio"] > 0
        assert each["plain_words_per_second"] > 0


def test_bench_nlp_refuses_a_mood_that_there_is_not() -> None:
    assert beatwire("bench", "nlp", "--mood", "x", code=1) == ""


def test_the_texts_of_the_bench_are_whole() -> None:
    texts = coverage()
    assert len(texts) == 24
    assert all(400 < len(text.split()) < 700 for text in texts)


@pytest.mark.slow
def test_bench_flow_gives_no_figure_unless_every_page_is_searchable() -> None:
    command = ("bench", "flow", "--pages", "40", "--processes", "2", "--json")
    found = json.loads(beatwire(*command))
    [run] = found["runs"]
    assert found["pages"] == 40
    assert run["backend"] == "embedded"
    assert run["processes"] == 2
    assert run["pages_per_second"] > 0
    assert run["crawl_pages_per_second"] > 0
