"""SQLite files, opened safely; the bus's log and the store's engine both come through here.

Write-ahead logging is used only where SQLite is free of the WAL-reset bug, which can lose
committed transactions when two connections write and checkpoint at once
(https://sqlite.org/wal.html#walresetbug); elsewhere the older rollback journal is used.
Both sync every commit: what was committed survives a crash of the machine.
"""

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from services.disk import make_private
from services.errors import TryLater, UserError

if TYPE_CHECKING:
    import sqlite3 as driver
else:
    from pysqlite3 import dbapi2 as driver

__all__ = [
    "Connection",
    "Database",
    "Schema",
    "driver",
    "explain",
    "journal_mode",
    "make_folder",
    "prepare",
    "transaction",
    "unchanging",
]

Connection = driver.Connection

WAIT_SECONDS = 10.0
"""How long a writer waits for another one before it gives up with TryLater."""

WAL_KEPT_BYTES = 64 * 1024 * 1024

_DAMAGED = {11: "SQLITE_CORRUPT", 26: "SQLITE_NOTADB"}
_REFUSED = {3: "SQLITE_PERM", 8: "SQLITE_READONLY", 14: "SQLITE_CANTOPEN"}
_PASSING = {
    5: "SQLITE_BUSY",
    6: "SQLITE_LOCKED",
    7: "SQLITE_NOMEM",
    10: "SQLITE_IOERR",
    13: "SQLITE_FULL",
    15: "SQLITE_PROTOCOL",
}


class Schema(NamedTuple):
    """What a file of ours holds: SQLite's own header fields tell it from any other file."""

    name: str
    application_id: int
    version: int
    statements: tuple[str, ...]


def journal_mode(version: tuple[int, ...]) -> str:
    """``wal``, or ``delete`` for an SQLite with the WAL-reset bug.

    It is in 3.7.0 to 3.51.2, but not in the repaired 3.44.6 and 3.50.7 and later ones of theirs.
    """
    repaired = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    return "wal" if repaired or version >= (3, 51, 3) else "delete"


def prepare(connection: Connection) -> None:
    """Set the journal, the durability and the patience of a new connection."""
    connection.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
    _set_journal(connection, journal_mode(driver.sqlite_version_info))
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")


def _set_journal(connection: Connection, mode: str) -> None:
    # The change needs the file for itself and does not heed busy_timeout, so that several
    # processes that make a new file together have to take turns here.
    deadline = time.monotonic() + WAIT_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
        except driver.OperationalError as error:
            if _code(error) not in _PASSING or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def make_folder(path: Path) -> None:
    """Make the folder of a file, for this user alone. Raises UserError when it cannot be."""
    try:
        make_private(path.parent)
    except OSError as error:
        raise UserError(
            f"{path.parent}: the folder cannot be made ({error.strerror}); "
            "set BEATWIRE_HOME to a folder that you may write"
        ) from error


def unchanging(path: Path) -> str:
    """The address of a file that nobody writes, opened so that no file appears beside it."""
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def explain(error: BaseException, path: Path | str) -> Exception | None:
    """What a driver's error means for who called: TryLater, UserError, or None for a bug."""
    code = _code(error)
    if code in _DAMAGED:
        return UserError(
            f"{path}: not a file of Beatwire, or damaged ({error}); put a backup in its place, "
            "or move it away to begin with an empty one"
        )
    if code in _REFUSED:
        return UserError(
            f"{path}: cannot be opened for writing ({error}); let this user write the file and "
            "its folder, or set BEATWIRE_HOME to another folder"
        )
    return TryLater(f"{path}: {error}") if code in _PASSING else None


def _code(error: BaseException) -> int:
    # The lower byte is the primary code; the rest says more about the place than the cause.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


class Database:
    """One file, opened when first used; transactions by one thread at a time.

    A fork closes the connection before it happens and both processes open their own again:
    SQLite's note of the locks that a process holds must never be inherited.
    """

    def __init__(self, path: Path, schema: Schema, *, only_read: bool = False) -> None:
        """``only_read``: a file that nobody writes, and of which nothing may change."""
        self.path = path
        self._only_read = only_read
        self._schema = schema
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._closed = False
        _databases.add(self)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent look. Raises TryLater or UserError, as ``explain`` says."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing, durable when the block ends. Raises as ``reading`` does."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Close for good; a second call changes nothing."""
        with self._lock:
            self._closed = True
            self._release()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._lock, self._explained():
            if self._closed:
                raise RuntimeError(f"{self.path} was closed")
            connection = self._connection = self._connection or self._open()
            with transaction(connection, begin):
                yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except driver.Error as error:
            if known := explain(error, self.path):
                raise known from error
            raise

    def _open(self) -> driver.Connection:
        if self._only_read:
            address = unchanging(self.path)
        else:
            make_folder(self.path)
            address = str(self.path)
        connection = driver.connect(
            address, isolation_level=None, check_same_thread=False, uri=self._only_read
        )
        try:
            if not self._only_read:
                prepare(connection)
            with transaction(connection, "BEGIN"):
                fits = self._fits(connection)
            if not fits and not self._only_read:
                with transaction(connection, "BEGIN IMMEDIATE"):
                    self._create(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _fits(self, connection: Connection) -> bool:
        """Whether the file is ours and of this version; False for an empty one."""
        (kind,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            return False
        if kind != self._schema.application_id:
            raise UserError(
                f"{self.path}: an SQLite file, but not the {self._schema.name} of Beatwire; "
                "move it away or set BEATWIRE_HOME to another folder"
            )
        if version > self._schema.version:
            raise UserError(
                f"{self.path}: the {self._schema.name} of a newer Beatwire (format {version}, "
                f"known here up to {self._schema.version}); upgrade this Beatwire"
            )
        return True

    def _create(self, connection: Connection) -> None:
        if self._fits(connection):  # another process was quicker
            return
        for statement in self._schema.statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {self._schema.application_id}")
        connection.execute(f"PRAGMA user_version = {self._schema.version}")

    def _release(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def hold_for_fork(self) -> Callable[[], None]:
        """Wait for the transaction that runs, close, and stay closed until the answer is called."""
        self._lock.acquire()
        self._release()
        return self._lock.release


@contextmanager
def transaction(connection: Connection, begin: str) -> Iterator[None]:
    """Commit at the end of the block; roll back on any exception, an interrupt included."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.rollback()
        raise


_databases: weakref.WeakSet[Database] = weakref.WeakSet()
_held: list[Callable[[], None]] = []


def _before_fork() -> None:
    _held.extend(database.hold_for_fork() for database in list(_databases))


def _after_fork() -> None:
    while _held:
        _held.pop()()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)
