"""The benches measure what they say: small runs of the real commands."""

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from processors.query.syntax import parse_query
from services.bench import lucene
from services.bench.alerting import TOPICS, Receiver, Site, await_all
from services.bench.language import coverage
from services.bench.machine import this_machine
from services.bench.newsprint import newsprint
from services.bench.questions import KINDS, questions
from services.bench.timings import timing
from services.bench.topics import topic_queries
from services.cli.bench import PEERS
from services.errors import UserError
from tests.support.processes import beatwire


def test_a_figure_names_its_machine() -> None:
    machine = this_machine()
    assert machine.cores >= 1
    assert machine.processor
    assert len(machine.date) == len("2025-01-28")


@pytest.mark.slow
def test_bench_crawl_compares_with_a_bare_spider() -> None:
    options = ("--pages", "60", "--hosts", "5", "--rounds", "1", "--json")
    found = json.loads(beatwire("bench", "crawl", *options))
    assert (found["pages"], found["hosts"]) == (60, 5)
    assert found["ratio"] > 0
    assert found["cpu_ratio"] > 0


@pytest.mark.slow
def test_bench_crawl_measures_decisions() -> None:
    options = ("--frontier", "2000", "--rounds", "1", "--json")
    found = json.loads(beatwire("bench", "crawl", *options))
    assert found["known"] == 2000
    for way in ("unchanged", "changed"):
        assert 0 < found[way]["p50"] <= found[way]["p95"] <= found[way]["max"]


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
    assert found["bare_pages_per_second"] > 0
    assert run["ratio"] > 0
    assert run["of_embedded"] is None
    assert found["peer"] == PEERS["flow"]


@pytest.mark.slow
def test_bench_alerts_times_every_article_to_its_webhook() -> None:
    found = json.loads(beatwire("bench", "alerts", "--articles", "15", "--rate", "10", "--json"))
    assert found["backend"] == "embedded"
    assert found["peer"] == PEERS["alerts"]
    assert found["bare"]["count"] == 15
    assert 0 < found["ratio"] < 1
    assert 5 < found["articles_per_second"] <= 10.1
    took = found["latency"]
    assert took["count"] == 15
    assert 300 < took["p50"] <= took["p95"] <= took["p99"] <= took["worst"] < 60_000, (
        "half a second is gathered"
    )


def test_the_site_of_the_bench_answers_at_its_rate_whoever_asks() -> None:
    site = Site(12, rate=50)
    with ThreadPoolExecutor(12) as readers:
        found = list(readers.map(lambda at: site.answer(f"/page/{at}", 1), range(12)))
    assert len({body for body, _ in found}) == 12
    for at, (body, _) in enumerate(found):
        assert f"wire{at % TOPICS}</title>".encode() in body
    times = sorted(site.answered.values())
    assert len(times) == 12
    assert times[-1] - times[0] > 0.9 * 11 / 50  # the first one may be late
    listed = [site.answer(urlsplit(feed).path, 1)[0].decode() for feed in site.feeds(1, range(12))]
    assert sorted(map(int, re.findall(r"/page/(\d+)<", "".join(listed)))) == list(range(12))


def test_bench_alerts_ends_without_a_figure_when_some_are_not_told_of() -> None:
    receiver = Receiver()
    receiver.take(b'{"data": {"alerts": [{"url": "http://paper0.example:1/page/0"}]}}')
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as family:
        with pytest.raises(UserError, match="1 of 2 articles were not told of within 0 s"):
            await_all(receiver, range(2), family, 0.1)
        family.communicate(b"\n")
        with pytest.raises(UserError, match="work ended early, with 0"):
            await_all(receiver, range(2), family, 10)
    await_all(receiver, range(1), family, 0)


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
    assert found["peer"] == PEERS["search"]
    assert found["bare"]["count"] == 200
    assert 0 < found["ratio"] < 1
    assert found["html"]["largest_kilobytes"] > 1
    assert found["searchable"]["count"] > 1
    again = json.loads(beatwire(*command, "--articles", "80"))
    assert (again["articles"], again["build"]["articles"]) == (80, 20)


def test_bench_search_leaves_the_folder_of_somebody_else_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me")
    assert beatwire("bench", "search", "--folder", str(tmp_path), code=1) == ""
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_made_up_topics_are_the_same_everywhere_and_sound() -> None:
    asked = list(topic_queries(range(200)))
    assert asked[150:] == list(topic_queries(range(150, 200)))
    assert len(set(asked)) > 190
    for query in asked:
        parse_query(query)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("chips", "term all 1 chip"),
        ('title:"lower cost"', "phrase title 2 lower cost"),
        ('"lower cost"~3', "near all 3 lower cost 3"),
        ("inferen*", "begins form 1 inferen"),
        (
            "(a OR b) chips -shares",
            "and 2 1 or 2 0 term all 1 a term all 1 b term all 1 chip term all 1 share",
        ),
    ],
)
def test_lucene_gets_a_topic_in_front_notation(query: str, words: str) -> None:
    assert " ".join(lucene.front(parse_query(query))) == words


def test_what_lucene_lacks_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "mvn" else name)
    assert lucene.missing() == "mvn (a JDK 17 or later, and Maven)"


@pytest.mark.slow
def test_bench_match_registers_topics_and_matches_articles() -> None:
    command = ("bench", "match", "--topics", "500", "--articles", "20", "--rounds", "1")
    found = json.loads(beatwire(*command, "--no-lucene", "--json"))
    assert (found["topics"], found["articles"]) == (500, 20)
    assert found["beatwire"]["articles_per_second"] > 10
    assert found["topics_per_article"] > 0.1
    assert found["lucene"] is None
    assert found["ratio"] is None
