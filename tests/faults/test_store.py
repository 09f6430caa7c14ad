"""The store when a migration or the server is killed in the middle."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, inspect, text

from services.errors import TryLater
from services.store import migrations
from services.store.engine import reading
from services.store.migrations import STEPS
from services.store.store import SqlStore, open_sql_store
from tests.contracts.store import FEED, end, link, listing
from tests.contracts.stories import copy
from tests.support.databases import differences, fresh_database, note_as_the_first_release
from tests.support.processes import wait_until
from tests.support.servers import private_servers, required_server

FORKS = pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
EVERY_KILL = range(1, 100)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.connected("postgresql"))]
)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    with fresh_database(required_server("postgresql")) as address:
        yield address


@FORKS
def test_a_killed_first_start_is_done_again(address: str) -> None:
    kills = 0
    for statement in EVERY_KILL:
        if not killed_while_opening(address, statement):
            break
        kills += 1
        assert tables_of(address) == []
    assert kills > 10
    check_newest(address)


@FORKS
def test_a_killed_migration_is_done_again_without_loss(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as past:
        past.setattr(migrations, "STEPS", STEPS[:1])
        past.setattr(migrations, "VERSION", 1)
        with open_sql_store(address) as store:
            store.discover(listing(), [link(1)])
            note_as_the_first_release(store, 0)
    kills = 0
    for statement in EVERY_KILL:
        if not killed_while_opening(address, statement):
            break
        kills += 1
        assert "bands" not in tables_of(address)
    assert kills > 5
    check_newest(address)
    with open_sql_store(address) as store:
        assert store.targets(FEED) == [link(1)]
        assert store.outcomes() == {"read": {"stored": 1}}


def check_newest(address: str) -> None:
    with open_sql_store(address) as store, reading(store._engine) as connection:
        assert differences(connection) == []
        found = connection.execute(text("SELECT version FROM beatwire_schema"))
        assert found.all() == [(migrations.VERSION,)]


def tables_of(address: str) -> list[str]:
    """What another program sees."""
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def killed_while_opening(address: str, statement: int) -> bool:
    """Open the store in a process that is killed after its ``statement``th change."""
    child = multiprocessing.get_context("fork").Process(target=_open, args=(address, statement))
    child.start()
    child.join(30)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def _open(address: str, statement: int) -> None:
    left = statement

    @event.listens_for(Engine, "after_cursor_execute")
    def count(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        nonlocal left
        left -= sql.lstrip().startswith(("CREATE", "ALTER", "INSERT", "DELETE"))
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    open_sql_store(address).close()


@pytest.mark.slow
@pytest.mark.connected("postgresql")
def test_postgresql_killed_and_back_loses_nothing_that_was_noted() -> None:
    """One ``Store`` object all the time; two threads write, and wait as the runner does."""
    with private_servers("postgresql") as servers:
        store = open_sql_store(servers.address("postgresql"))
        noted: list[int] = []
        waits: list[str] = []
        stop = threading.Event()

        def note(first: int) -> None:
            offset = first
            while not stop.is_set():
                try:
                    store.finish([end(offset)])
                    store.join_stories([copy(f"{offset}", 0, [offset % 7])])
                except TryLater as error:
                    waits.append(str(error))
                    time.sleep(0.02)
                else:
                    noted.append(offset)
                    offset += 2

        threads = [threading.Thread(target=note, args=(first,)) for first in (0, 1)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(2):
                wait_until(more_than(noted, len(noted) + 50), 30)
                servers.kill("postgresql")
                wait_until(more_than(waits, 5), 30)
                with pytest.raises(TryLater):
                    store.outcomes()
                servers.up("postgresql")
                waits.clear()
                wait_until(more_than(noted, len(noted) + 50), 30)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        check_all_there(store, noted)
        store.close()


def more_than(found: list[Any], number: int) -> Callable[[], bool]:
    return lambda: len(found) > number


def check_all_there(store: SqlStore, noted: list[int]) -> None:
    assert sorted(noted) == sorted(set(noted))
    assert store.outcomes()["read"]["stored"] in range(len(noted), len(noted) + 3)
    stories = [set(store.copies(f"{number}")) for number in sorted(noted)[:7]]
    for offset in noted:
        assert f"{offset}" in stories[offset % 7]
