"""A disk that runs full when a test says so, and has space again when it says that."""

import contextlib
import resource
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

SIZE = "16m"
PAGE = 4096


class SmallDisk(Protocol):
    """A folder on it, to fill up and to make room on."""

    folder: Path

    def fill(self, room: int = 0) -> None:
        """From now on there is room for ``room`` more bytes, rounded up to a page, or for less."""

    def free(self) -> None:
        """From now on there is room again."""


class MemoryDisk:
    """A small file system in memory, which really runs full."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, room: int = 0) -> None:
        with self._ballast.open("ab", buffering=0) as ballast:
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(b"x" * PAGE)
            ballast.truncate(max(0, ballast.tell() - -(-room // PAGE) * PAGE))

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


class Limit:
    """Stands in where no file system can be mounted: no file of this process may grow further.

    The system then says "file too large" instead of "no space left", at the same writes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, room: int = 0) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))

    def free(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def kinds(tmp: Path) -> list[str]:
    """``limit`` everywhere on Unix, ``memory`` too where this user may mount one."""
    try:
        with small_disk("memory", tmp / uuid.uuid4().hex):
            return ["memory", "limit"]
    except (OSError, subprocess.CalledProcessError):
        return ["limit"]


@contextmanager
def small_disk(kind: str, folder: Path) -> Iterator[SmallDisk]:
    """A disk of one of the ``kinds`` at a new folder."""
    folder.mkdir()
    if kind == "limit":
        limit = Limit(folder)
        try:
            yield limit
        finally:
            limit.free()
        return
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except BaseException:
        shutil.rmtree(folder)
        raise
    try:
        yield MemoryDisk(folder)
    finally:
        # Lazily, since a failed test may hold files open.
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
