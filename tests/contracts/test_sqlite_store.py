"""The SQL store on SQLite keeps the promises of ``Store``, and those of a shared file."""

import multiprocessing
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from services import sqlite
from services.errors import SettingsError, TryLater, UserError
from services.store import Store, tables
from services.store.engine import reading, writing
from services.store.migrations import VERSION
from services.store.store import SqlStore, open_sql_store
from tests.contracts.accounts import PeopleContract
from tests.contracts.alert_messages import MessagesContract
from tests.contracts.alerting import AlertingContract
from tests.contracts.crawling import CrawlingContract
from tests.contracts.intake import IntakeContract
from tests.contracts.keeping import KeepingContract
from tests.contracts.letters import LettersContract
from tests.contracts.replays import ReplaysContract
from tests.contracts.store import FEED, OpenStore, StoreContract, end, link, listing
from tests.contracts.stories import EventsContract, StoriesContract
from tests.contracts.tallies import TalliesContract
from tests.contracts.trails import TrailsContract
from tests.support.descriptors import open_files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "store.sqlite"


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    opened: list[SqlStore] = []

    def once_more() -> SqlStore:
        opened.append(open_sql_store(f"sqlite:///{path}"))
        return opened[-1]

    yield once_more
    for store in opened:
        store.close()


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def open_store(self, open_store: OpenStore) -> OpenStore:
        return open_store


class TestSqliteStories(StoriesContract):
    pass


class TestSqliteEvents(EventsContract):
    pass


class TestSqlitePeople(PeopleContract):
    pass


class TestSqliteAlerting(AlertingContract):
    pass


class TestSqliteMessages(MessagesContract):
    pass


class TestSqliteCrawling(CrawlingContract):
    pass


class TestSqliteIntake(IntakeContract):
    pass


class TestSqliteReplays(ReplaysContract):
    pass


class TestSqliteKeeping(KeepingContract):
    pass


class TestSqliteLetters(LettersContract):
    pass


class TestSqliteTallies(TalliesContract):
    pass


class TestSqliteTrails(TrailsContract):
    pass


def opened(path: Path) -> SqlStore:
    return open_sql_store(f"sqlite:///{path}")


def test_it_is_opened_as_safely_as_the_log(path: Path) -> None:
    with opened(path) as store, reading(store._engine) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("SELECT sqlite_version()")).scalar() == (
            sqlite.driver.sqlite_version
        )


def test_an_sqlite_with_the_reset_bug_gets_the_older_journal(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite.driver, "sqlite_version_info", (3, 51, 2))
    with opened(path) as store, reading(store._engine) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "delete"


def test_a_discovery_that_fails_changes_nothing(path: Path) -> None:
    with opened(path) as store:
        store.discover(listing(), [link(1)])
        nameless = link(2, source=None)
        with pytest.raises(IntegrityError):
            store.discover(listing(etag="new"), [link(3), nameless])
        assert store.targets(FEED) == [link(1)]
        assert store.target(FEED) == listing()
        assert store.target(link(3).url) is None


def test_a_store_of_a_newer_version_is_refused(path: Path) -> None:
    with opened(path) as store, writing(store._engine) as connection:
        connection.execute(update(tables.schema).values(version=99))
    with pytest.raises(UserError, match=rf"{path}: .*newer Beatwire \(format 99, .*upgrade"):
        opened(path)


def test_the_version_is_noted_once(path: Path) -> None:
    opened(path).close()
    with opened(path) as store, reading(store._engine) as connection:
        assert connection.execute(select(tables.schema.c.version)).all() == [(VERSION,)]


def test_an_sqlite_file_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    with pytest.raises(UserError, match=rf"{path}: an SQLite file, but not the store"):
        opened(path)


def test_a_file_of_text_is_refused_with_its_name_and_a_remedy(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a database, but long enough to be taken for one\n" * 40)
    with pytest.raises(UserError, match=rf"{path}: not a file of Beatwire.*move it away"):
        opened(path)


def test_a_folder_in_the_files_place_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(UserError, match=rf"{path}: cannot be opened"):
        opened(path)


@pytest.mark.parametrize(
    "address",
    ["nonsense", "cobol://me:secret@db.example/x", "sqlite://", "sqlite:///:memory:"],
)
def test_an_address_that_cannot_be_used_is_named_without_its_password(address: str) -> None:
    with pytest.raises(SettingsError, match=r"BEATWIRE_STORE=.*leave it unset") as caught:
        open_sql_store(address)
    assert "secret" not in str(caught.value)


def test_a_lock_that_is_held_for_too_long_means_try_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAIT_SECONDS", 0.05)
    with opened(path) as store:
        holder = sqlite.driver.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(TryLater, match="locked"):
            store.finish([end(0)])
        assert store.outcomes() == {}
        holder.close()
        store.finish([end(0)])
        assert store.outcomes() == {"read": {"stored": 1}}


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_forked_child_may_use_the_store_of_its_parent(path: Path) -> None:
    with opened(path) as store:
        store.finish([end(0)])
        child = multiprocessing.get_context("fork").Process(target=_finish_one, args=(path, store))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        store.finish([end(2)])
        assert store.outcomes() == {"read": {"stored": 3}}


def _finish_one(path: Path, store: Store) -> None:
    assert open_files(path.parent) == []  # or this process would trust locks that it has not
    store.finish([end(1)])


def test_the_tables_are_understood_by_postgresql() -> None:
    dialect = URL.create("postgresql").get_dialect()()
    for table in tables.metadata.sorted_tables:
        statement = str(CreateTable(table).compile(dialect=dialect))
        assert statement.lstrip().startswith(f"CREATE TABLE {table.name}")
