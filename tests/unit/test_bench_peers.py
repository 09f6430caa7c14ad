"""The peers of the benches: they do what they are said to do, on the same things."""

import json
from pathlib import Path

import pytest

from processors.query.syntax import parse_query
from services.bench.flow import FlowRun, compared
from services.bench.indexing import bench_index
from services.bench.newsprint import newsprint
from services.cli.bench import PEERS
from services.index.tantivy import TantivyIndex
from services.index.tantivy_raw import RawTantivy
from services.settings import Settings
from tests.support.processes import beatwire
from tests.support.servers import required_server


def test_runs_are_beside_the_script_and_those_on_servers_beside_embedded_ones() -> None:
    runs = [
        FlowRun("embedded", 1, 0, 1, 20.0),
        FlowRun("real", 1, 0, 1, 15.0),
        FlowRun("real", 2, 0, 1, 30.0),
    ]
    found = compared(runs, bare=10.0)
    assert [run.ratio for run in found] == [2, 1.5, 3]
    assert [run.of_embedded for run in found] == [None, 0.75, None]


def test_the_engine_alone_has_the_same_documents(tmp_path: Path) -> None:
    articles = list(newsprint(range(12)))
    with RawTantivy(tmp_path / "index", write=True) as index:
        assert set(index.put(articles)) == {"stored"}
        index.alone_put(articles)()
    alone = RawTantivy(tmp_path / "index-alone")
    with TantivyIndex(tmp_path / "index") as ours, alone:
        assert alone.stats().articles == ours.stats().articles == 12
        assert alone.stats().claims == ours.stats().claims
        every = parse_query("")
        alone.alone_search(every, 20)()
        assert alone.search(every).total == 12


def test_bench_index_has_its_peer_and_its_ratio() -> None:
    command = ("bench", "index", "--articles", "20", "--batch", "10", "--json")
    found = json.loads(beatwire(*command))
    assert (found["bench"], found["engine"], found["articles"]) == ("index", "tantivy", 20)
    assert found["peer"] == PEERS["index"]
    rates = found["beatwire_articles_per_second"], found["raw_articles_per_second"]
    assert min(rates) > 0
    assert 0 < found["ratio"] < 5


@pytest.mark.connected("elasticsearch")
def test_bench_index_on_elasticsearch(tmp_path: Path) -> None:
    address = required_server("elasticsearch")
    unset = dict.fromkeys(("bus", "store", "broker"), "")
    settings = Settings.model_validate({"home": tmp_path, "index": address, **unset})
    found = bench_index(settings, articles=20, batch=10, tell=lambda _: None)
    assert (found.engine, found.articles) == ("elasticsearch", 20)
    assert found.ratio > 0
