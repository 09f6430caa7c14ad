"""Folders of this machine: how much room there is, and who may look in."""

import shutil
from pathlib import Path
from typing import NamedTuple

PRIVATE = 0o700
"""Of a folder that is made for the home: what is in it is for the user who runs Beatwire alone."""


class Room(NamedTuple):
    """Bytes of a disk."""

    free: int
    total: int


def room(folder: Path) -> Room:
    """Of the disk that has a folder, or will have it once it is made."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    usage = shutil.disk_usage(there)
    return Room(usage.free, usage.total)
