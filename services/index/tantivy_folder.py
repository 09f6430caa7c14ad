"""The folder of a tantivy index: its one writer, what it was written with, and when it changed."""

import fcntl
import os
from pathlib import Path
from typing import IO

import tantivy

from services.errors import LockedError, UserError
from services.index.tantivy_schema import analyser, fingerprint, schema

LOCK = "writer.lock"
WRITTEN_WITH = "beatwire.json"


def take_lock(folder: Path) -> IO[str]:
    """Become the one writing process; the lock ends with the file, however the process ends.

    Raises LockedError with the pid of the process that writes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / LOCK).open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read(32).strip() or "unknown"
        file.close()
        raise LockedError(
            f"index in {folder} is locked by pid {holder}; stop that process, or wait for its end"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def exists(folder: Path) -> bool:
    return (folder / "meta.json").exists()


def state(folder: Path) -> tuple[int, int, int] | None:
    """Differs after every commit; None while there is no index."""
    try:
        stat = (folder / "meta.json").stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def open_folder(folder: Path, *, create: bool) -> tantivy.Index:
    """The index in a folder. With ``create``, made where there is none: only under the lock.

    Raises UserError when other code wrote it, or when it cannot be read.
    """
    mark = folder / WRITTEN_WITH
    if not exists(folder):
        if not create:
            raise FileNotFoundError(folder)
        _write_whole(mark, fingerprint())
    elif not mark.exists() or mark.read_text(encoding="utf-8") != fingerprint():
        raise UserError(
            f"index in {folder} was written by another version of Beatwire; "
            "rebuild it: remove the folder, then index the articles again"
        )
    try:
        index = tantivy.Index(schema(), path=str(folder), reuse=True)
    except (ValueError, OSError) as error:
        raise UserError(
            f"index in {folder} cannot be read ({error}); "
            "rebuild it: remove the folder, then index the articles again"
        ) from error
    index.register_tokenizer("terms", analyser())
    index.config_reader("manual")
    return index


def _write_whole(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
