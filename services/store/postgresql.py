"""PostgreSQL by psycopg 3: how to connect, what its errors mean, which locks are taken."""

import re

from sqlalchemy import URL, Connection, Engine, create_engine, func, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from services.errors import TryLater

_SETTINGS = {
    "default_transaction_isolation": r"read\ committed",
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    # A worker that hangs in the middle must not hold the others up for ever.
    "idle_in_transaction_session_timeout": "60s",
}

# Classes of SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html)
_CONFLICT = ("40001", "40P01")
_PASSING = (
    "08",  # connection
    "25006",  # a standby, which may be promoted
    "25P03",  # this process slept in the middle of a transaction
    "40",  # rolled back because of another transaction
    "42501",  # a right is missing: a person mends that, and the event can wait
    "53",  # disk, memory or connections used up
    "55",  # locked
    "57",  # cancelled, shut down, starting
    "58",  # its system failed
)

_REMEDIES = (
    (r"password authentication failed|no password supplied|role .* does not exist",
     "set the user and the password that the server knows"),
    (r"no pg_hba\.conf entry", "let pg_hba.conf of the server admit this user from here"),
    (r'database "(?P<name>[^"]*)" does not exist', "make it with: createdb {name}"),
    (r"permission denied",
     "let the user of the address own the database: ALTER DATABASE … OWNER TO …"),
    (r"does not support SSL|SSL was required|certificate", "set sslmode as the server needs it"),
    (r"invalid (connection option|URI|port|sslmode|integer)|unrecognized configuration parameter",
     "correct the part after the question mark"),
)  # fmt: skip

_MIGRATION = (0x6265_6174, 1)
_JOINING = (0x6265_6174, 2)
_ALERTING = (0x6265_6174, 3)
_CRAWLING = (0x6265_6174, 4)


class Conflict(TryLater):
    """Two transactions were in each other's way and this one was undone: do it again."""


def engine(url: URL) -> Engine:
    """Connections that are tried before use, with an end to every wait."""
    options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    given = dict(url.query)
    query = {
        "connect_timeout": "10",
        "application_name": "beatwire",
        "tcp_user_timeout": "30000",
        **given,
        "options": f"{options} {given.get('options', '')}".strip(),
    }
    return create_engine(
        url.set(drivername="postgresql+psycopg", query=query),
        pool_pre_ping=True,
        pool_use_lifo=True,
        hide_parameters=True,
    )


def explain(error: DBAPIError, where: str) -> TryLater | None:
    """What an error means for who called; None for a bug."""
    state = getattr(error.orig, "sqlstate", None)
    told = f"{where}: {' '.join(str(error.orig).split())}"
    if state in _CONFLICT:
        return Conflict(told)
    if state is None:
        # Without a word from the server: no connection, or one that ended.
        lost = isinstance(error, OperationalError | InterfaceError)
        return TryLater(told) if lost else None
    return TryLater(told) if state.startswith(_PASSING) else None


def remedy(message: str) -> str | None:
    """What a person can do when a first connection fails so; None: wait for the server."""
    for pattern, words in _REMEDIES:
        if found := re.search(pattern, message):
            return words.format(**found.groupdict())
    return None


def hold_for_migration(connection: Connection) -> None:
    """Wait until no other process migrates; what follows may take its time."""
    connection.execute(select(func.pg_advisory_xact_lock(*_MIGRATION)))
    take_time(connection)


def take_time(connection: Connection) -> None:
    """This transaction may last as long as it likes."""
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(select(func.set_config(name, "0", True)))


def hold_still(connection: Connection) -> None:
    """All of this transaction, which has only begun, sees the database as it is now."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    take_time(connection)


def hold_for_joining(connection: Connection) -> None:
    """Wait until no other transaction joins stories."""
    connection.execute(select(func.pg_advisory_xact_lock(*_JOINING)))


def hold_for_alerting(connection: Connection) -> None:
    """Wait until no other transaction changes topics or decides, takes or ends messages."""
    connection.execute(select(func.pg_advisory_xact_lock(*_ALERTING)))


def hold_for_crawling(connection: Connection) -> None:
    """Wait until no other transaction hands out work of crawls or notes what came of it."""
    connection.execute(select(func.pg_advisory_xact_lock(*_CRAWLING)))
