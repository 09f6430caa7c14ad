"""The benches measure what they say: small runs of the real commands."""

import json
from pathlib import Path

import pytest

from processors.query.syntax import parse_query
from services.bench.language import coverage
from services.bench.machine import this_machine
from services.bench.newsprint import newsprint
from services.bench.questions import KINDS, questions
from services.bench.timings import timing
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


def test_made_up_coverage_is_the_same_everywhere_and_says_where_things_stand() -> None:
    articles = list(newsprint(range(40)))
    assert articles == list(newsprint(range(40)))
    assert len({article.id for article in articles}) == 40
    assert 450 < sum(len(article.body.split()) for article in articles) / 40 < 700
    for article in articles:
        for entity in article.entities:
            names = {article.body[span.start : span.end] for span in entity.mentions}
            assert names == {entity.name}
        for claim in article.claims:
            assert article.body[claim.start : claim.end] == claim.evidence
    copies = [article for article in articles if not article.original]
    assert copies
    assert {copy.story for copy in copies} < {article.id for article in articles}


def test_the_questions_are_200_and_sound() -> None:
    asked = questions()
    assert len(asked) == 200
    assert {question.kind for question in asked} == set(KINDS)
    for question in asked:
        parse_query(question.text)


def test_percentiles_are_times_that_were_measured() -> None:
    found = timing([number / 1000 for number in range(100, 0, -1)])
    assert (found.count, found.p50, found.p95, found.p99, found.worst) == (100, 51, 96, 100, 100)


@pytest.mark.slow
def test_bench_search_fills_a_folder_and_goes_on_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    command = ("bench", "search", "--folder", str(folder), "--rounds", "1", "--json")
    found = json.loads(beatwire(*command, "--articles", "60"))
    assert found["articles"] == found["build"]["articles"] == 60
    assert found["all"]["count"] == 200
    assert found["all"]["p50"] <= found["all"]["p95"] <= found["all"]["worst"]
    assert set(found["kinds"]) == set(KINDS)
    assert found["html"]["largest_kilobytes"] > 1
    assert found["searchable"]["count"] > 1
    again = json.loads(beatwire(*command, "--articles", "80"))
    assert (again["articles"], again["build"]["articles"]) == (80, 20)


def test_bench_search_leaves_the_folder_of_somebody_else_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    assert beatwire("bench", "search", "--folder", str(tmp_path), code=1) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
