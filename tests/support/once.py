"""What takes long to make is made once, whichever of several processes (``-n``) needs it first."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(folders: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """A copy of this process's own of a folder that ``fill`` makes."""
    base = folders.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    filled = shared / f"{name}-filled"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not filled.exists():
            filling = shared / f"{name}-filling"
            shutil.rmtree(filling, ignore_errors=True)
            filling.mkdir()
            fill(filling)
            filling.rename(filled)
    return shutil.copytree(filled, folders.mktemp(name) / "home")
