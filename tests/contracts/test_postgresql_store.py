"""The SQL store on PostgreSQL keeps the promises of ``Store``, and those of a shared server."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import text

from services.errors import SettingsError, TryLater, UserError
from services.store import Store
from services.store.engine import open_engine, reading, writing
from services.store.migrations import STEPS, VERSION
from services.store.schema import bring_up
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
from tests.contracts.stories import EventsContract, StoriesContract, copy
from tests.contracts.tallies import TalliesContract
from tests.contracts.trails import TrailsContract
from tests.support.databases import differences, fresh_database, like, note_as_the_first_release
from tests.support.servers import required_server

pytestmark = pytest.mark.connected("postgresql")


@pytest.fixture
def address() -> Iterator[str]:
    with fresh_database(required_server("postgresql")) as address:
        yield address


@pytest.fixture(scope="module")
def with_tables() -> Iterator[str]:
    """A database with our tables, for others to be copies of: migrations take longer than tests."""
    with fresh_database(required_server("postgresql")) as address:
        open_sql_store(address).close()
        yield address


@pytest.fixture
def open_store(with_tables: str) -> Iterator[OpenStore]:
    opened: list[SqlStore] = []
    with fresh_database(required_server("postgresql"), like(with_tables)) as address:

        def once_more() -> SqlStore:
            opened.append(open_sql_store(address))
            return opened[-1]

        yield once_more
        for store in opened:
            store.close()


@pytest.fixture
def no_second_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlocks are for other programs: ours take their locks in one order, and have none."""
    monkeypatch.setattr("services.store.engine._ATTEMPTS", 1)


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlStore(StoreContract):
    @pytest.fixture
    def open_store(self, open_store: OpenStore) -> OpenStore:
        return open_store


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlStories(StoriesContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlEvents(EventsContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlPeople(PeopleContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlAlerting(AlertingContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlMessages(MessagesContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlCrawling(CrawlingContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlIntake(IntakeContract):
    pass


class TestPostgresqlKeeping(KeepingContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlReplays(ReplaysContract):
    pass


class TestPostgresqlLetters(LettersContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlTallies(TalliesContract):
    pass


@pytest.mark.usefixtures("no_second_attempt")
class TestPostgresqlTrails(TrailsContract):
    pass


# Tables


def test_migrations_end_at_the_tables_of_the_code(address: str) -> None:
    with open_sql_store(address) as store, reading(store._engine) as connection:
        assert differences(connection) == []
        by_locale = connection.execute(
            text(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')"
                " AND collation_name IS DISTINCT FROM 'C'"
            )
        )
        assert by_locale.all() == []


def test_the_first_release_s_tables_are_taken_over(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as past:
        past.setattr("services.store.migrations.STEPS", STEPS[:1])
        past.setattr("services.store.migrations.VERSION", 1)
        with open_sql_store(address) as store:
            store.discover(listing(), [link(1), link("é/新")])
            note_as_the_first_release(store, 2**31 - 1)
    with open_sql_store(address) as store, reading(store._engine) as connection:
        assert store.targets(FEED) == [link(1), link("é/新")]
        store.finish([end(2**31)])
        assert store.outcomes() == {"read": {"stored": 2}}
        assert connection.execute(text("SELECT version FROM beatwire_schema")).all() == [(VERSION,)]


def test_many_may_open_a_new_database_at_once(address: str) -> None:
    def work(number: int) -> None:
        with open_sql_store(address) as store:
            store.finish([end(number)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with open_sql_store(address) as store:
        assert store.outcomes() == {"read": {"stored": 8}}


def test_a_store_of_a_newer_version_is_refused(address: str) -> None:
    with open_sql_store(address) as store, writing(store._engine) as connection:
        connection.execute(text("UPDATE beatwire_schema SET version = 99"))
    with pytest.raises(UserError, match=r"test_.*newer Beatwire \(format 99, .*upgrade"):
        open_sql_store(address)


def test_tables_of_another_program_are_left_alone(address: str) -> None:
    with psycopg.connect(address) as other:
        other.execute("CREATE TABLE sources (water text)")
        other.execute("CREATE TABLE rivers (name text)")
    with pytest.raises(UserError, match=r"holds tables of another program \(sources\); give"):
        open_sql_store(address)


def test_tables_with_other_names_may_stand_beside() -> None:
    with fresh_database(required_server("postgresql")) as address:
        with psycopg.connect(address) as other:
            other.execute("CREATE TABLE rivers (name text)")
        with open_sql_store(address) as store:
            store.finish([end(0)])


def test_a_database_that_cannot_hold_all_text_is_refused() -> None:
    server = required_server("postgresql")
    latin = "TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
    with fresh_database(server, latin) as address, pytest.raises(UserError, match="--encoding"):
        open_sql_store(address)


# Addresses and rights


def changed(address: str, **parts: str) -> str:
    return urlsplit(address)._replace(**parts).geturl()


def test_a_missing_database_is_named_with_the_remedy(address: str) -> None:
    with pytest.raises(SettingsError, match=r'"nowhere" does not exist; .*createdb nowhere'):
        open_sql_store(changed(address, path="/nowhere"))


def test_an_unknown_user_is_named_without_the_password(address: str) -> None:
    place = urlsplit(address).netloc.rpartition("@")[2]
    wrong = changed(address, netloc=f"nobody:secret@{place}", query="password=secret")
    with pytest.raises(SettingsError, match=r"BEATWIRE_STORE=.*nobody.*set the user") as caught:
        open_sql_store(wrong)
    assert "secret" not in str(caught.value)


def test_a_misspelt_option_is_named(address: str) -> None:
    with pytest.raises(SettingsError, match=r"conect_timeout.*after the question mark"):
        open_sql_store(changed(address, query="conect_timeout=1"))


def test_a_user_without_rights_is_told_what_to_ask_for(address: str) -> None:
    name = urlsplit(address).path[1:]
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f'CREATE ROLE "{name}" LOGIN')
        try:
            admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            place = urlsplit(address).netloc.rpartition("@")[2]
            with pytest.raises(SettingsError, match=r"permission denied.*OWNER TO"):
                open_sql_store(changed(address, netloc=f"{name}@{place}"))
        finally:
            admin.execute(f'DROP ROLE "{name}"')


def test_options_of_the_address_count(address: str) -> None:
    mine = changed(address, query="options=-c%20lock_timeout%3D7s&application_name=mine")
    with open_sql_store(mine) as store, reading(store._engine) as connection:
        shown = [
            connection.execute(text(f"SHOW {name}")).scalar()
            for name in ("lock_timeout", "application_name", "statement_timeout")
        ]
    assert shown == ["7s", "mine", "1min"]


# Waiting, forking


def test_a_lock_that_is_held_for_too_long_means_try_later(address: str) -> None:
    impatient = changed(address, query="options=-c%20lock_timeout%3D50ms")
    with open_sql_store(impatient) as store:
        store.join_stories([copy("a", 0, [1])])
        with psycopg.connect(address) as holder:
            holder.execute("LOCK TABLE outcomes, copies")
            joins = [copy("b", 0, [1])]
            for call in (lambda: store.finish([end(0)]), lambda: store.join_stories(joins)):
                with pytest.raises(TryLater, match="lock timeout"):
                    call()
        store.finish([end(0)])
        assert store.outcomes() == {"read": {"stored": 1}}
        assert store.copies("a") == ["a"]


def test_a_migration_waits_for_another_one(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    impatient = changed(address, query="options=-c%20lock_timeout%3D50ms")
    with monkeypatch.context() as past:
        past.setattr("services.store.migrations.STEPS", STEPS[:1])
        past.setattr("services.store.migrations.VERSION", 1)
        engine = open_engine(address)
    with writing(engine) as connection:
        bring_up(connection)
        with pytest.raises(TryLater, match="lock timeout"):
            open_sql_store(impatient)
    open_sql_store(impatient).close()
    engine.dispose()


def test_connections_that_the_server_ended_are_replaced(address: str) -> None:
    with open_sql_store(address) as store:
        store.finish([end(0)])
        with psycopg.connect(address) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        store.finish([end(1)])
        assert store.outcomes() == {"read": {"stored": 2}}


@pytest.mark.filterwarnings("ignore:.*use of fork.*:DeprecationWarning")
def test_a_forked_child_may_use_the_store_of_its_parent(address: str) -> None:
    with open_sql_store(address) as store:
        store.finish([end(0)])
        children = [
            multiprocessing.get_context("fork").Process(target=_finish, args=(store, number))
            for number in (1, 2, 3)
        ]
        for child in children:
            child.start()
        store.finish(end(offset) for offset in range(400, 500))
        for child in children:
            child.join(30)
            assert child.exitcode == 0
        assert store.outcomes() == {"read": {"stored": 401}}


def _finish(store: Store, number: int) -> None:
    for offset in range(number * 100, number * 100 + 100):
        store.finish([end(offset)])
