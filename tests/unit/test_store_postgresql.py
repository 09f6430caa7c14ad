"""What PostgreSQL's errors mean, and the words for who can mend them; no server needed."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from services.errors import SettingsError, TryLater
from services.store.engine import open_engine, write
from services.store.postgresql import Conflict, explain, remedy
from services.store.store import open_sql_store

START = 'connection failed: connection to server at "127.0.0.1", port 5432 failed: '


def meaning(state: str) -> type | None:
    cause = psycopg.errors.lookup(state)("what it says")
    known = explain(OperationalError("SELECT", {}, cause), "place")
    assert known is None or str(known) == "place: what it says"
    return type(known) if known else None


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("40P01", Conflict),  # deadlock
        ("40001", Conflict),  # not serialisable
        ("08006", TryLater),  # connection lost
        ("53100", TryLater),  # disk full
        ("53300", TryLater),  # too many connections
        ("55P03", TryLater),  # lock timeout
        ("57014", TryLater),  # statement timeout
        ("57P01", TryLater),  # shut down
        ("25006", TryLater),  # read only
        ("25P03", TryLater),  # asleep in a transaction
        ("42501", TryLater),  # a right is missing
        ("54000", None),  # a key too long for an index
        ("22021", None),  # bytes that are no text
        ("42P01", None),  # no such table
    ],
)
def test_a_state_of_the_server_means(state: str, expected: type | None) -> None:
    assert meaning(state) is expected


def test_no_answer_means_try_later_and_a_bug_stays_one() -> None:
    lost = OperationalError("SELECT", {}, psycopg.OperationalError("the connection\nis lost"))
    assert str(explain(lost, "place")) == "place: the connection is lost"
    assert explain(IntegrityError("INSERT", {}, psycopg.IntegrityError("odd")), "place") is None
    assert explain(DBAPIError("SELECT", {}, psycopg.Error("odd")), "place") is None


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (START + 'FATAL:  password authentication failed for user "x"', "the password"),
        (START + "fe_sendauth: no password supplied", "the password"),
        (START + 'FATAL:  role "x" does not exist', "the user"),
        (START + 'FATAL:  database "news desk" does not exist', "createdb news desk"),
        (START + 'FATAL:  no pg_hba.conf entry for host "::1"', "pg_hba.conf"),
        (START + "server does not support SSL, but SSL was required", "sslmode"),
        ('invalid connection option "foo"', "question mark"),
        ("permission denied for schema public", "OWNER TO"),
        (START + "Connection refused", None),
        (START + "FATAL:  the database system is starting up", None),
        ("failed to resolve host 'db'", None),
    ],
)
def test_a_first_connection_that_fails_has_a_remedy(message: str, words: str | None) -> None:
    found = remedy(message)
    assert words in found if words and found else found is words


def test_a_server_that_is_away_means_try_later_without_the_password() -> None:
    with pytest.raises(TryLater, match=r"^postgresql://me:\*\*\*@127.0.0.1:1/x: ") as caught:
        open_sql_store("postgresql://me:secret@127.0.0.1:1/x?password=secret")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://me:secret@db.example/x",
        "postgresql+pg8000://me:secret@db.example/x",
        "postgresql://me:secret@db.example:port/x",
    ],
)
def test_another_database_or_driver_is_refused(address: str) -> None:
    with pytest.raises(SettingsError, match=r"BEATWIRE_STORE=.*db\.example.*leave it") as caught:
        open_sql_store(address)
    assert "secret" not in str(caught.value)


def test_a_transaction_that_was_undone_is_done_again(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    calls: list[int] = []

    def fourth_time_lucky(connection: Connection) -> int:
        calls.append(len(calls))
        connection.execute(text("UPDATE beatwire_schema SET version = version + 0"))
        if len(calls) < 4:
            raise Conflict("in the way")
        return len(calls)

    assert write(engine, fourth_time_lucky) == 4
    calls.clear()

    def never(_: Connection) -> int:
        calls.append(len(calls))
        raise Conflict("in the way")

    with pytest.raises(TryLater):
        write(engine, never)
    assert len(calls) == 5
    engine.dispose()
