"""Files that one process holds; the kernel lets go of them however that process ends."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from services.disk import make_private
from services.errors import LockedError

FAMILY = "family.lock"
"""In the home folder: held by the one that runs all processes there."""


def take_lock(path: Path, taken: Callable[[str], str]) -> IO[str]:
    """Hold a file until it is closed; its folder is made. The file names the holder.

    Raises LockedError with what ``taken`` says of the pid that holds it.
    """
    make_private(path.parent)
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read(32).strip() or "unknown"
        file.close()
        raise LockedError(taken(holder)) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
