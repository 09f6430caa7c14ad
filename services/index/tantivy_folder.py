"""The folder of a tantivy index: its one writer, what it was written with, and when it changed."""

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import tantivy

from services import lockfile
from services.errors import UserError
from services.index.documents import fingerprint
from services.index.tantivy_schema import analyser, schema

LOCK = "writer.lock"
META = "meta.json"
WRITTEN_WITH = "beatwire.json"
ENGINES_LOCKS = ".tantivy-"


REMEDY = "rebuild it with: beatwire rebuild"


def take_lock(folder: Path) -> IO[str]:
    """Become the one writing process; the lock ends with the file, however the process ends.

    Raises LockedError with the pid of the process that writes.
    """
    try:
        return lockfile.take_lock(
            folder / LOCK,
            lambda pid: (
                f"index in {folder} is locked by pid {pid}; end the `beatwire up` or "
                "`beatwire work` that it belongs to, or wait for its end"
            ),
        )
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        remedy = (
            "make room" if full else "move away what is in its place, or let this user write it"
        )
        raise UserError(
            f"index in {folder} cannot be written ({error.strerror}); {remedy}"
        ) from error


def exists(folder: Path) -> bool:
    return (folder / META).exists()


def state(folder: Path) -> tuple[int, int, int] | None:
    """Differs after every commit; None while there is no index."""
    try:
        stat = (folder / META).stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"index in {folder} cannot be read ({error.strerror})") from error
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def open_folder(folder: Path, *, create: bool) -> tantivy.Index:
    """The index in a folder. With ``create``, made where there is none: only under the lock.

    Raises UserError when other code wrote it, or when it cannot be read.
    """
    mark = folder / WRITTEN_WITH
    if not exists(folder):
        if not create:
            raise FileNotFoundError(folder)
        write_whole(mark, fingerprint())
    elif not mark.exists() or mark.read_bytes() != fingerprint().encode():
        raise UserError(f"index in {folder} was written by another version of Beatwire; {REMEDY}")
    with readable(folder):
        index = tantivy.Index(schema(), path=str(folder), reuse=True)
        index.register_tokenizer("terms", analyser())
        index.config_reader("manual")
        return index


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """What the engine says of damaged files becomes a UserError with the remedy."""
    try:
        yield
    except BaseException as error:
        # The engine panics over some damage; that is no ``Exception``, and its class has no name.
        panic = type(error).__module__ == "pyo3_runtime"
        if not panic and not isinstance(error, ValueError | OSError):
            raise
        reason = "damaged" if panic else error
        raise UserError(f"index in {folder} cannot be read ({reason}); {REMEDY}") from error


def move_in(new: Path, folder: Path, leave: Collection[str] = ()) -> None:
    """Put a closed index in the place of the one in ``folder``, under the lock of that one.

    Readers see the old one until its list of files is replaced, which is one rename. A kill before
    it leaves the old one and the new one, each in its place; a kill after it leaves files that
    nobody reads. Files named in ``leave`` stay where they are.
    """
    old = {path.name for path in folder.iterdir() if not path.name.startswith(ENGINES_LOCKS)}
    copy_to(new, folder, leave=(META, *leave))
    wanted = {path.name for path in new.iterdir()}.difference(leave)
    (new / META).replace(folder / META)
    for name in old - wanted - {LOCK}:
        (folder / name).unlink()


def copy_to(folder: Path, target: Path, leave: Collection[str] = ()) -> None:
    """Copy the files of an index but its locks; by links, where the disk knows them."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.name not in {LOCK, *leave} and not path.name.startswith(ENGINES_LOCKS):
            beside = target / f"{path.name}.copy"
            beside.unlink(missing_ok=True)
            try:
                beside.hardlink_to(path)
            except OSError:
                shutil.copyfile(path, beside)
            beside.replace(target / path.name)


def write_whole(path: Path, text: str) -> None:
    """Replace a file by one that is on the disk."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
