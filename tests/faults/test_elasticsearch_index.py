"""Elasticsearch overloaded, lying, read-only, or rebuilt: nothing is lost, nothing is twice."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import permutations
from random import Random
from typing import cast

import msgspec
import pytest
from elasticsearch import Elasticsearch
from prometheus_client import REGISTRY

from processors.query.tree import All
from processors.records import Article, DeadLetter, decode
from services.bootstrap import open_bus, open_store
from services.errors import TryLater
from services.index import Index, PutOutcome
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_admin import prepare
from services.index.elasticsearch_bulk import Patience, patience_for
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import Address, Names, parse_address
from services.index.elasticsearch_put import put
from services.settings import load_settings
from services.stages.flow import INDEX
from services.stages.index import IndexStage
from services.stages.runner import run_slice
from tests.support.elasticsearch_index import own_address
from tests.support.index_faults import counts, event, publish, stories
from tests.support.injecting_proxy import Answer, Forward, Reply, Request, proxy_before
from tests.support.memory import MemoryStore
from tests.support.servers import required_server

pytestmark = pytest.mark.connected("elasticsearch")

JSON = {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
HTML = {"content-type": "text/html", "x-elastic-product": "Elasticsearch"}


@pytest.fixture
def address() -> Iterator[str]:
    with own_address() as address:
        yield address


@contextmanager
def client_behind(answer: Answer, where: Address) -> Iterator[Elasticsearch]:
    """A client of the real server, with its index made, through a proxy."""
    with (
        proxy_before(required_server("elasticsearch"), answer) as url,
        closing(connect(parse_address(f"{url}/{where.names.prefix}"))) as client,
    ):
        prepare(client, where.names)
        yield client


def sample(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


def now() -> datetime:
    return datetime.now(UTC)


class Overloaded:
    """429 to all for a minute, then to 30 % of the items; its clock moves by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []
        self.sent: dict[str, int] = {}
        self.told_to_wait: dict[str, int] = {}
        self._chance = Random(21)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def patience(self) -> Patience:
        return Patience(
            patience_for(200),
            clock=lambda: self.now,
            sleep=self.sleep,
            chance=self._chance.random,
        )

    def answer(self, request: Request, forward: Forward) -> Reply:
        if not request.path.startswith("/_bulk") or self.now > 120:
            return forward(request)
        items = list(grouped(request.body))
        full = {"type": "es_rejected_execution_exception", "reason": "queue is full"}
        for key, _ in items:
            self.sent[key] = self.sent.get(key, 0) + 1
        if self.now < 60:
            self._told(key for key, _ in items)
            body = json.dumps({"error": full, "status": 429}).encode()
            return Reply(429, {"content-type": "application/json"}, body)
        full_for = {key for key, _ in items if self._chance.random() < 0.3}
        self._told(full_for)
        passed = [lines for key, lines in items if key not in full_for]
        told = iter(list[object]())
        if passed:
            body = b"".join(passed)
            reply = forward(Request(request.method, request.path, request.headers, body))
            told = iter(json.loads(reply.body)["items"])
        merged = [
            {op_of(lines): {"_id": key.partition(" ")[2], "status": 429, "error": full}}
            if key in full_for
            else next(told)
            for key, lines in items
        ]
        answered = json.dumps({"took": 1, "errors": True, "items": merged}).encode()
        return Reply(200, JSON, answered)

    def _told(self, keys: Iterator[str] | set[str]) -> None:
        for key in keys:
            self.told_to_wait[key] = self.told_to_wait.get(key, 0) + 1


def grouped(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Index and id of each item of a bulk request, and its lines."""
    lines = body.splitlines(keepends=True)
    while lines:
        first = lines.pop(0)
        ((op, action),) = json.loads(first).items()
        rest = b"" if op == "delete" else lines.pop(0)
        yield f"{action['_index']} {action['_id']}", first + rest


def op_of(lines: bytes) -> str:
    (op,) = json.loads(lines.splitlines()[0])
    return str(op)


def test_429_for_a_minute_loses_nothing(address: str) -> None:
    """Row 21. The dispatcher's waits stand between the tries of the slice."""
    load, where, busy = stories(200), parse_address(address), Overloaded()
    retries = sample("beatwire_index_bulk_retries_total")
    waited = sample("beatwire_index_bulk_wait_seconds_total")
    pauses = 0.5
    with client_behind(busy.answer, where) as client:
        while True:
            try:
                outcomes = put(client, where.names, load, busy.patience())
                break
            except TryLater:
                busy.now += pauses
                pauses = min(pauses * 2, 30)
    assert 60 < busy.now < 300
    assert set(outcomes) <= {"stored", "unchanged"}
    assert counts(where) == {"articles": 200, "claims": 400, "revisions": 0}
    assert all(1 <= seconds <= 30 for seconds in busy.waits)
    assert len(busy.waits) >= 5
    assert sample("beatwire_index_bulk_wait_seconds_total") - waited == pytest.approx(
        sum(busy.waits)
    )
    assert sample("beatwire_index_bulk_retries_total") - retries < 10 * 600
    assert sum(busy.sent.values()) < 10 * 600
    assert max(busy.sent.values()) < 15


def test_an_article_that_is_refused_goes_to_the_dead_letters(address: str) -> None:
    """Row 22. The others of its slice are indexed, and nothing of it is."""
    where, load = parse_address(address), stories(40)
    bad = load[17].id

    def answer(request: Request, forward: Forward) -> Reply:
        """The article never gets through; its claims do."""
        if not request.path.startswith("/_bulk"):
            return forward(request)
        items = list(grouped(request.body))
        good = b"".join(lines for key, lines in items if not key.endswith(bad))
        told = json.loads(forward(msgspec.structs.replace(request, body=good)).body) if good else {}
        rest = iter(told.get("items", []))
        wrong = {"type": "document_parsing_exception", "reason": "no such field"}
        refused = {"index": {"_id": bad, "status": 400, "error": wrong}}
        merged = [refused if key.endswith(bad) else next(rest) for key, _ in items]
        return Reply(200, JSON, json.dumps({"errors": True, "items": merged}).encode())

    settings = load_settings()
    publish(load)
    with (
        client_behind(answer, where) as client,
        open_bus(settings) as bus,
        open_store(settings) as store,
    ):
        stage = IndexStage(cast(Index, Through(client, where.names)), MemoryStore())
        ends = Counter[str]()
        while parts := bus.poll("index", "articles", most=128, slices=8):
            for part in parts:
                ends.update(run_slice(INDEX, stage, part, bus=bus, store=store, now=now))
        assert sum(ends.values()) == 40
        assert ends["rejected"] == 1
        (letters,) = bus.poll("letters", "dead")
        (letter,) = [decode(stored.event.data) for stored in bus.read(letters)]
    assert isinstance(letter, DeadLetter)
    assert letter.reason.startswith("the index refuses it: document_parsing_exception")
    assert counts(where) == {"articles": 39, "claims": 78, "revisions": 0}


@pytest.mark.parametrize(
    "lie",
    [
        lambda told: Reply(200, told.headers, told.body[: len(told.body) // 2]),
        lambda told: Reply(200, told.headers, told.body, cut=len(told.body) // 2),
        lambda told: Reply(200, HTML, b"<html>Please wait</html>"),
        lambda told: Reply(200, {"content-type": "text/html"}, b"<html>Please log in</html>"),
        lambda told: Reply(502, {"content-type": "text/html"}, b"<html>Bad gateway</html>"),
    ],
    ids=["truncated", "broken off", "html", "other server", "bad gateway"],
)
def test_what_was_done_and_not_told_is_done_once(
    address: str, lie: Callable[[Reply], Reply]
) -> None:
    """Row 23. Each bulk request is done, and its first answer is a lie."""
    where, load, seen = parse_address(address), stories(20), set[str]()
    patience = Patience(clock=lambda: 0.0, sleep=lambda _: None)

    def answer(request: Request, forward: Forward) -> Reply:
        told = forward(request)
        name = request.body.partition(b"}")[0].decode()
        if request.path.startswith("/_bulk") and name not in seen:
            seen.add(name)
            return lie(told)
        return told

    with client_behind(answer, where) as client:
        assert put(client, where.names, load, patience) == ["stored"] * 20
    assert len(seen) == 2
    assert counts(where) == {"articles": 20, "claims": 40, "revisions": 0}


@pytest.mark.parametrize("block", ["blocks.write", "blocks.read_only_allow_delete"])
def test_a_read_only_index_is_waited_for(address: str, block: str) -> None:
    """Row 24. The disk mark sets the second block."""
    where = parse_address(address)
    with ElasticsearchIndex(address) as index, closing(connect(where, timeout=30)) as client:
        index.put(stories(3))
        name = where.names.read("articles")
        client.indices.put_settings(index=name, settings={f"index.{block}": True})
        assert index.read_only()
        for _ in range(2):
            with pytest.raises(TryLater, match=r"^index read-only: .*blocked by"):
                index.put(stories(5, hours=1))
            assert index.search(All(), limit=0).total <= 3
        client.indices.put_settings(index=name, settings={f"index.{block}": None})
        assert not index.read_only()
        assert index.put(stories(5, hours=1)) == ["stored"] * 5
    assert counts(where) == {"articles": 5, "claims": 10, "revisions": 3}


class Through:
    """The writing part of an index, over a client that the test has tampered with."""

    def __init__(self, client: Elasticsearch, names: Names) -> None:
        self._client, self._names = client, names

    def put(self, articles: Sequence[Article]) -> list[PutOutcome]:
        return put(self._client, self._names, articles)


@pytest.mark.parametrize("order", list(permutations(range(3)))[::2], ids=str)
def test_the_same_events_again_and_in_any_order(address: str, order: tuple[int, ...]) -> None:
    """Row 35. Five times each, three versions of one article."""
    versions = [stories(1, claims=3 - n, hours=n)[0] for n in range(3)]
    with closing(IndexStage(ElasticsearchIndex(address), MemoryStore())) as stage:
        for at in order:
            for _ in range(5):
                stage.handle([event(versions[at])])
    with ElasticsearchIndex(address) as index:
        newest = versions[2]
        assert index.get(newest.id) == msgspec.structs.replace(newest, story=newest.id)
    assert counts(parse_address(address)) == {"articles": 1, "claims": 1, "revisions": 2}
