"""What a backup says of itself: the file ``manifest.json``, which is written last.

A folder without it is no backup, so that a backup that was killed is never taken for a whole one.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from services.errors import UserError

FORMAT = 1
"""Of the manifest and of the names of the files; each file has a version of its own besides."""
MANIFEST = "manifest.json"
STORE = "store.sqlite"
LOG = "log.sqlite"
BLOCK = 1024 * 1024
"""Bytes that are read at once."""


class Sum(msgspec.Struct, frozen=True):
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    made_at: datetime
    beatwire: str
    """The version that made it."""
    store_version: int
    """Of the store's tables."""
    records: tuple[str, ...]
    """Schema tags of the newest records that may be in the log, such as ``page/1``."""
    rows: dict[str, int]
    """Table of the store to its rows."""
    events: dict[str, int]
    """Topic to its events."""
    articles: int | None
    """In the index, which is not part of a backup; None when it could not be asked."""
    files: dict[str, Sum]


def write(folder: Path, manifest: Manifest) -> None:
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
    (folder / MANIFEST).write_bytes(text + b"\n")


def read(folder: Path) -> Manifest:
    """Raises UserError for a folder that holds no backup, or one that a newer Beatwire made."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError(
            f"{path}: there is none, so {folder} is no backup, or one that was never finished; "
            "give the folder that beatwire backup named"
        ) from None
    except OSError as error:
        raise UserError(
            f"{path}: it cannot be read ({error.strerror}); let this user read it"
        ) from error
    try:
        found = msgspec.json.decode(data, type=_Format).format
        if found > FORMAT:
            raise UserError(
                f"{path}: the backup of a newer Beatwire (format {found}, known here up to "
                f"{FORMAT}); upgrade this Beatwire"
            )
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise _damaged(path, str(error)) from error


def check(folder: Path, manifest: Manifest, tell: Callable[[int, int], None]) -> None:
    """Raise UserError unless every file is there, to the byte, as it was written.

    ``tell`` is given how many bytes were looked at, and of how many.
    """
    done, total = 0, sum(each.bytes for each in manifest.files.values())
    for name, wanted in manifest.files.items():
        path = folder / name
        if "/" in name or not path.is_file():
            raise _damaged(path, "it is missing")
        before = done
        found = sum_of(path, lambda more, before=before: tell(before + more, total))  # type: ignore[misc]
        if found.bytes != wanted.bytes:
            raise _damaged(path, f"it has {found.bytes:,} bytes and had {wanted.bytes:,}")
        if found.sha256 != wanted.sha256:
            raise _damaged(path, "its bytes are not those that were written")
        done += found.bytes
    if missing := {STORE, LOG} - manifest.files.keys():
        raise _damaged(folder / MANIFEST, f"it does not name {min(missing)}")


def sum_of(path: Path, tell: Callable[[int], None] = lambda _: None) -> Sum:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
            tell(size)
    return Sum(size, digest.hexdigest())


class _Format(msgspec.Struct):
    """As much of a manifest as every version of it has."""

    format: int


def _damaged(path: Path, reason: str) -> UserError:
    return UserError(f"{path}: the backup is damaged: {reason}; take another backup")
