"""Copies of SQLite files as they are at one moment, while others read and write them.

SQLite's online backup begins anew when somebody else writes (https://sqlite.org/backup.html),
which in a busy log is always. A look that stays open from before it keeps the pages as they were
then, so that the copy is of that moment and is done once. With the rollback journal, which only
an old SQLite gets, writers wait meanwhile.
"""

import errno
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from services.errors import TryLater, UserError
from services.sqlite import WAIT_SECONDS, driver, explain

AT_ONCE = 1_000
"""Pages, of 4 KiB each, between two words about how far it is."""
FULL = "database or disk is full"
"""What SQLite calls its error 13 (https://sqlite.org/c3ref/errcode.html)."""

Tell = Callable[[int, int], None]
"""Is given how much is done, and of how much."""


def copy_file(source: Path, target: Path, tell: Tell) -> None:
    """Copy a file that is there to one that is not, and look that the copy is whole.

    Raises UserError for a file that is damaged or none of SQLite's, TryLater when it cannot be
    read now, OSError when there is no room for the copy.
    """
    try:
        with (
            closing(driver.connect(source, isolation_level=None)) as ours,
            closing(driver.connect(target, isolation_level=None)) as theirs,
        ):
            ours.execute(f"PRAGMA busy_timeout = {int(WAIT_SECONDS * 1000)}")
            ours.execute("BEGIN")
            ours.execute("SELECT count(*) FROM sqlite_master").fetchone()
            ours.backup(theirs, pages=AT_ONCE, progress=lambda _, left, of: tell(of - left, of))
    except driver.Error as error:
        raise _meaning(error, source, target) from error
    settle(target)


def _meaning(error: driver.Error, source: Path, target: Path) -> Exception:
    said = str(error)
    if said == FULL:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
    # An error of the backup itself comes without a code.
    return explain(error, source) or TryLater(f"{source}: it cannot be copied now: {said}")


def settle(path: Path) -> None:
    """Make a file that nobody has open one file alone, whole and on the disk.

    Raises UserError when SQLite's own check finds damage.
    """
    try:
        with closing(driver.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            said = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    except driver.Error as error:
        if known := explain(error, path):
            raise known from error
        raise
    if said != ["ok"]:
        raise UserError(f"{path}: SQLite finds damage ({said[0]}); see: beatwire doctor --deep")
    sync(path)


def sync(path: Path) -> None:
    """Return when a file, or the names in a folder, are on the disk."""
    at = os.open(path, os.O_RDONLY)
    try:
        os.fsync(at)
    finally:
        os.close(at)
