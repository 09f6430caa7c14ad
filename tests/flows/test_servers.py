"""The sample newsroom on Kafka, Celery, Elasticsearch, PostgreSQL and Redis, and embedded too."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import DEVNULL
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest
from kafka import KafkaConsumer, TopicPartition

from services.bootstrap import trial_servers
from services.demo.server import Newsroom
from services.settings import Settings
from tests.support.newsroom import demo_env, expected_urls
from tests.support.processes import beatwire, free_port, wait_until
from tests.support.servers import required_server

pytestmark = [pytest.mark.connected, pytest.mark.slow]

SEARCHES = (
    "deepseek",
    "chips",
    "training cost",
    "nvidia OR meta",
    '"export controls"',
    "openai -microsoft",
    "claim:training_cost usd:<10M",
    "entity:nvidia after:2025",
    "investment billion data centre",
)


class Crawled(NamedTuple):
    """What one installation made of the newsroom, and how to ask it."""

    env: dict[str, str]
    worked: str

    def ask(self, *args: str) -> Any:
        return json.loads(beatwire(*args, "--json", env=self.env))

    def hits(self, query: str) -> list[str]:
        return [hit["id"] for hit in self.ask("search", query, "--limit", "100")["hits"]]


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    settings = Settings(
        bus=required_server("kafka"),
        index=required_server("elasticsearch"),
        store=required_server("postgresql"),
        broker=required_server("redis"),
    )
    with trial_servers(settings) as addresses:
        yield addresses


def crawled(newsroom: Newsroom, home: Path, addresses: dict[str, str]) -> Crawled:
    env = demo_env(newsroom, home)
    env |= {f"BEATWIRE_{name.upper()}": address for name, address in addresses.items()}
    beatwire("crawl", *(source.url for source in newsroom.sources), env=env)
    return Crawled(env, beatwire("work", "--drain", env=env))


@pytest.fixture(scope="module")
def real(
    newsroom: Newsroom, addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Crawled:
    return crawled(newsroom, tmp_path_factory.mktemp("real"), addresses)


@pytest.fixture(scope="module")
def embedded(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(newsroom, tmp_path_factory.mktemp("embedded"), {})


def test_everything_ends_the_same(newsroom: Newsroom, real: Crawled, embedded: Crawled) -> None:
    assert real.worked == embedded.worked
    found = real.ask("status")
    assert found["index"] | {"newest": 0} == embedded.ask("status")["index"] | {"newest": 0}
    assert {hit["url"] for hit in real.ask("search", "", "--limit", "100")["hits"]} == (
        expected_urls(newsroom)
    )


@pytest.mark.parametrize("query", SEARCHES)
def test_the_same_searches_give_the_same_hits_in_the_same_order(
    query: str, real: Crawled, embedded: Crawled
) -> None:
    assert real.hits(query) == embedded.hits(query)
    assert len(real.hits(query)) > 1


def test_the_same_claims_are_found(real: Crawled, embedded: Crawled) -> None:
    """Two crawls fetch at other times, and of copies another one may be the first to come."""
    found = [each.ask("claims", "--limit", "0") for each in (real, embedded)]
    for answer in found:
        for claim in answer["claims"]:
            assert claim.pop("fetched_at")
            assert claim.pop("story")
    assert found[0] == found[1]


def test_an_independent_look_at_kafka_shows_the_events(
    real: Crawled, addresses: dict[str, str], newsroom: Newsroom
) -> None:
    servers, _, prefix = addresses["bus"].removeprefix("kafka://").partition("/")
    consumer = KafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False)
    topic = f"{prefix}.articles"
    places = [TopicPartition(topic, each) for each in consumer.partitions_for_topic(topic)]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    ends = consumer.end_offsets(places)
    records = []
    while any(consumer.position(place) < ends[place] for place in places):
        records += [each for batch in consumer.poll(500).values() for each in batch]
    consumer.close()
    assert {json.loads(record.value)["url"] for record in records} == expected_urls(newsroom)
    headers = dict(records[0].headers)
    assert headers["ce_type"] == b"article/1"
    assert headers["ce_specversion"] == b"1.0"


def test_an_independent_look_at_elasticsearch_shows_the_documents(
    real: Crawled, addresses: dict[str, str], newsroom: Newsroom
) -> None:
    with urlopen(f"{addresses['index']}-articles/_search?size=100") as reply:
        found = json.load(reply)["hits"]
    assert found["total"]["value"] == len(expected_urls(newsroom))
    assert {hit["_source"]["record"]["url"] for hit in found["hits"]} == expected_urls(newsroom)


def test_flower_shows_the_worker_its_queues_and_tasks(
    addresses: dict[str, str], real: Crawled, tmp_path: Path
) -> None:
    env = {**os.environ, **real.env, "FLOWER_UNAUTHENTICATED_API": "true"}
    celery = [sys.executable, "-m", "celery", "-A", "services.workers.app"]
    port = free_port()
    with ExitStack() as stack:
        for args in (
            ("worker", "--concurrency", "1", "-n", "seen@%h"),
            ("flower", f"--port={port}"),
        ):
            process = stack.enter_context(
                subprocess.Popen([*celery, *args], env=env, stdout=DEVNULL, stderr=DEVNULL)
            )
            stack.callback(process.terminate)
        flower = f"http://127.0.0.1:{port}"
        wait_until(lambda: b"seen@" in asked(f"{flower}/workers?json=1"), 60, "for Flower")
        every = f"{flower}/api/workers?refresh=1"
        wait_until(lambda: b'"registered"' in asked(every), 60, "for what the worker says")
        [worker] = json.loads(asked(every)).values()
    assert {queue["name"] for queue in worker["active_queues"]} == {"read", "index", "alert"}
    assert {"beatwire.read", "beatwire.index"} <= set(worker["registered"])


def asked(url: str) -> bytes:
    try:
        with urlopen(url, timeout=5) as reply:
            return bytes(reply.read())
    except OSError:
        return b""
