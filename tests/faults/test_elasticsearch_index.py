"""Elasticsearch overloaded, lying, read-only, or rebuilt: nothing is lost, nothing is twice."""

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from prometheus_client import REGISTRY

from processors.query.tree import All
from processors.records import Article, encode
from services.bootstrap import open_bus
from services.bus import Event
from services.errors import TryLater
from services.index.elasticsearch import ElasticsearchIndex, fresh_index
from services.index.elasticsearch_admin import prepare
from services.index.elasticsearch_bulk import Patience
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import KINDS, Address, parse_address
from services.index.elasticsearch_put import put
from services.settings import load_settings
from services.stages.index import IndexStage
from services.stages.rebuild import Rebuild
from tests.support.articles import article, claim
from tests.support.injecting_proxy import Forward, Reply, Request, proxy_before
from tests.support.servers import required_server
from tests.support.tree import ROOT

pytestmark = pytest.mark.connected("elasticsearch")

HTML = {"content-type": "text/html", "x-elastic-product": "Elasticsearch"}


@pytest.fixture
def address() -> Iterator[str]:
    """An index of this test alone, removed at its end."""
    made = f"{required_server('elasticsearch')}/t{secrets.token_hex(6)}"
    yield made
    where = parse_address(made)
    with closing(connect(where, timeout=30)) as client:
        for name in indices(where):
            client.indices.delete(index=name)
        for kind in KINDS:
            client.options(ignore_status=404).indices.delete_index_template(
                name=where.names.template(kind)
            )


def indices(where: Address) -> dict[str, list[str]]:
    """The test's indices and their aliases."""
    with closing(connect(where, timeout=30)) as client:
        found = client.indices.get_alias(index=f"{where.names.prefix}-*").body
    return {name: sorted(told["aliases"]) for name, told in sorted(found.items())}


def stories(count: int, claims: int = 2, hours: float = 0) -> list[Article]:
    return [
        article(
            f"s{n}",
            f"Text of {hours}.",
            hours=hours,
            claims=tuple(claim(low=float(1 + place)) for place in range(claims)),
        )
        for n in range(count)
    ]


def counts(where: Address) -> dict[str, int]:
    """Documents of each kind, as they are now."""
    with closing(connect(where, timeout=30)) as client:
        names = [where.names.read(kind) for kind in KINDS]
        client.indices.refresh(index=names)
        return {
            kind: client.count(index=name).body["count"]
            for kind, name in zip(KINDS, names, strict=True)
        }


def sample(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


class Overloaded:
    """429 to all for a minute, then to 30 % of the items for another; its clock moves by sleeping."""

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
        return Patience(clock=lambda: self.now, sleep=self.sleep, chance=self._chance.random)

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
        told = iter([])
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
        headers = {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
        return Reply(200, headers, answered)

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
    with proxy_before(required_server("elasticsearch"), busy.answer) as url:
        with closing(connect(parse_address(f"{url}/{where.names.prefix}"))) as client:
            prepare(client, where.names)
            pauses = 0.5
            while True:
                try:
                    outcomes = put(client, where.names, load, busy.patience())
                    break
                except TryLater as reason:
                    assert "queue is full" in str(reason)
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
    once = [key for key in busy.sent if not busy.told_to_wait.get(key)]
    assert all(busy.sent[key] == 1 for key in once)
    assert max(busy.sent.values()) < 20


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

    with proxy_before(required_server("elasticsearch"), answer) as url:
        with closing(connect(parse_address(f"{url}/{where.names.prefix}"))) as client:
            prepare(client, where.names)
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
        for _ in range(2):
            with pytest.raises(TryLater, match=r"^index read-only: .*blocked by"):
                index.put(stories(5, hours=1))
            assert index.search(All(), limit=0).total <= 3
        client.indices.put_settings(index=name, settings={f"index.{block}": None})
        assert index.put(stories(5, hours=1)) == ["stored"] * 5
    assert counts(where) == {"articles": 5, "claims": 10, "revisions": 3}


def event(made: Article) -> Event:
    return Event(
        id=f"{made.id}-{made.fetched_at:%H}",
        type="article/1",
        key=made.id,
        time=made.fetched_at,
        data=encode(made),
    )


@pytest.mark.parametrize("order", list(permutations(range(3)))[::2], ids=str)
def test_the_same_events_again_and_in_any_order(address: str, order: tuple[int, ...]) -> None:
    """Row 35. Five times each, three versions of one article."""
    versions = [stories(1, claims=3 - n, hours=n)[0] for n in range(3)]
    with closing(IndexStage(ElasticsearchIndex(address))) as stage:
        for at in order:
            for _ in range(5):
                stage.handle([event(versions[at])])
    with ElasticsearchIndex(address) as index:
        assert index.get(versions[0].id) == versions[2]
    assert counts(parse_address(address)) == {"articles": 1, "claims": 1, "revisions": 2}


@contextmanager
def searching(address: str, least: int) -> Iterator[list[int]]:
    """Searches all the time; what each found. Fails when one fails or finds too little."""
    stop, found, errors = threading.Event(), list[int](), list[str]()

    def search() -> None:
        with ElasticsearchIndex(address) as index:
            while not stop.is_set():
                try:
                    found.append(index.search(All(), limit=5).total)
                except Exception as error:
                    errors.append(repr(error))
                stop.wait(0.01)

    thread = threading.Thread(target=search)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()
    assert errors == []
    assert found
    assert min(found) >= least


def publish(articles: list[Article]) -> None:
    with open_bus(load_settings()) as bus:
        bus.publish("articles", [event(one) for one in articles])


def test_a_rebuild_while_articles_come_in_misses_none(address: str) -> None:
    where, rounds = parse_address(address), 12
    publish(stories(300))
    with ElasticsearchIndex(address) as index:
        index.put(stories(300))
    counts(where)  # refreshed, so that the searches begin with all
    stop = threading.Event()

    def index_stage() -> None:
        with ElasticsearchIndex(address) as index:
            for n in range(rounds):
                more = [article(f"more-{n}-{m}", "More.", hours=n) for m in range(20)]
                publish(more)
                while True:
                    try:
                        index.put(more)
                        break
                    except TryLater:
                        stop.wait(0.5)
                stop.wait(0.5)

    writer = threading.Thread(target=index_stage)
    with searching(address, 300) as found, open_bus(load_settings()) as bus:
        writer.start()
        work = Rebuild(bus, lambda done, of: None)
        with fresh_index(address) as fresh:
            work.fill(fresh)
        with ElasticsearchIndex(address) as index:
            work.catch_up(index)
        writer.join()
    assert len(found) > 50
    assert counts(where)["articles"] == 300 + 20 * rounds
    assert {name.rpartition("-")[2] for name in indices(where)} == {"000002"}


def rebuild(home: str, address: str) -> "subprocess.Popen[bytes]":
    environ = os.environ | {"BEATWIRE_HOME": home, "BEATWIRE_INDEX": address}
    command = [sys.executable, "-m", "services.cli", "rebuild"]
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)


def test_a_killed_rebuild_leaves_the_old_index(address: str, home: str) -> None:
    """Row 5. Killed as soon as the new index has something in it; the next one goes through."""
    where, load = parse_address(address), stories(1500)
    Path(home).mkdir(parents=True, exist_ok=True)
    for start in range(0, 1500, 500):
        publish(load[start : start + 500])
    with ElasticsearchIndex(address) as index:
        index.put(load[:700])
    counts(where)
    before = indices(where)
    with searching(address, 700), closing(connect(where, timeout=30)) as client:
        for _ in range(2):
            with rebuild(home, address) as process:
                ends = time.monotonic() + 60
                while time.monotonic() < ends and process.poll() is None:
                    time.sleep(0.02)
                    newer = [name for name in indices(where) if name not in before]
                    if (
                        len(newer) == 3
                        and client.indices.stats(index=newer).body["_all"]["primaries"]["indexing"][
                            "index_total"
                        ]
                    ):
                        break
                process.send_signal(signal.SIGKILL)
            assert process.returncode == -signal.SIGKILL
            there = indices(where)
            assert {name: there[name] for name in before} == before
            assert len(there) == 6
        with rebuild(home, address) as process:
            assert process.wait(120) == 0
        assert counts(where) == {"articles": 1500, "claims": 3000, "revisions": 0}
        there = indices(where)
        assert list(there.values()) == list(before.values())
        assert not set(there) & set(before)
