"""Folders of this machine: how much room there is, and who may look in."""

import shutil
from pathlib import Path
from typing import NamedTuple

PRIVATE = 0o700
"""Of a folder that is made for the home: what is in it is for the user who runs Beatwire alone."""


def make_private(folder: Path) -> None:
    """Make a folder that may be there, and those above it that are missing. Raises OSError."""
    missing = [each for each in folder.parents if not each.exists()]
    for each in (*reversed(missing), folder):
        each.mkdir(mode=PRIVATE, exist_ok=True)


class Room(NamedTuple):
    """Bytes of a disk."""

    free: int
    total: int


def room(folder: Path) -> Room:
    """Of the disk that has a folder, or will have it once it is made."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Room(usage.free, usage.total)
