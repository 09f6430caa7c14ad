"""A folder beside other temporary files that goes with its process, however that ends.

It is locked for as long as the process or a fork of it lives. Who was killed cannot take its folder
away; the next one of the same user that makes one does.
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "beatwire-counters-"
_held: list[int] = []
"""Descriptors that stay open, and with them the locks."""


def make_own_folder() -> str:
    """Make one, for this user alone."""
    while True:
        folder = tempfile.mkdtemp(prefix=_PREFIX)
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if Path(folder).exists():
            break
        os.close(lock)  # Somebody who tidied up was quicker than the lock.
    _held.append(lock)
    atexit.register(_remove, folder, os.getpid())
    _remove_left_over()
    return folder


def _remove(folder: str, owner: int) -> None:
    # A forked child that ends the ordinary way runs the parent's exit handlers too.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_over() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # Somebody else's, or it has just gone.
            _remove_if_unlocked(folder)


def _remove_if_unlocked(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        if os.fstat(lock).st_uid == os.getuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
