"""Indices made, made again and swapped: no search fails, no article is missing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.bootstrap import open_bus, open_store
from services.errors import TryLater, UserError
from services.index.elasticsearch import ElasticsearchIndex
from services.index.elasticsearch_admin import FreshNames, prepare
from services.index.elasticsearch_bulk import Patience
from services.index.elasticsearch_client import connect
from services.index.elasticsearch_names import parse_address
from services.index.elasticsearch_put import put
from services.index.elasticsearch_shelf import ElasticsearchShelf
from services.settings import load_settings
from services.stages.rebuild import Rebuild
from tests.support.articles import article
from tests.support.elasticsearch_index import own_address
from tests.support.index_faults import counts, indices, publish, stories
from tests.support.shelf import fresh_index, searching
from tests.support.tree import ROOT

pytestmark = pytest.mark.connected("elasticsearch")


@pytest.fixture
def address() -> Iterator[str]:
    with own_address() as address:
        yield address


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
    with (
        searching(lambda: ElasticsearchIndex(address), 300) as found,
        open_bus(load_settings()) as bus,
        open_store(load_settings()) as store,
    ):
        writer.start()
        work = Rebuild(bus, store, lambda done, of: None)
        with fresh_index(ElasticsearchShelf(address)) as new:
            work.fill(new)
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
    with (
        searching(lambda: ElasticsearchIndex(address), 700),
        closing(connect(where, timeout=30)) as client,
    ):
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


def test_many_processes_make_the_indices_at_once(address: str) -> None:
    where, errors = parse_address(address), list[str]()

    def make() -> None:
        with closing(connect(where, timeout=30)) as client:
            try:
                prepare(client, where.names)
            except Exception as error:
                errors.append(repr(error))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(indices(where)) == 3


def test_an_index_of_another_version_is_replaced_by_a_rebuild(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.index.elasticsearch_shelf.GRACE_SECONDS", 0)
    where = parse_address(address)
    with closing(connect(where, timeout=30)) as client:
        prepare(client, where.names)
        client.indices.put_mapping(
            index=where.names.read("claims"), meta={"fingerprint": "of another version"}
        )
        with pytest.raises(UserError, match=r"another version of Beatwire; .*: beatwire rebuild"):
            prepare(client, where.names)
        with fresh_index(ElasticsearchShelf(address)) as index:
            index.put(stories(3))
        prepare(client, where.names)
        with pytest.raises(TryLater, match="no such index"):
            put(client, FreshNames(where.names.prefix, 1), stories(1), Patience(0))
    assert counts(where)["articles"] == 3
