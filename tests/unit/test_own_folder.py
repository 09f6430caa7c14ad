"""The folder of shared counters goes with its process, or with the next one after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HOLD = """
import os, sys
from services.probing.own_folder import make_own_folder
print(make_own_folder(), flush=True)
if sys.argv[1:] == ["fork"] and os.fork():
    os._exit(0)
sys.stdin.read()
"""


class Holder:
    """A process that has a folder, until it is told or killed."""

    def __init__(self, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdout is not None
        self.folder = Path(self.process.stdout.readline().decode().strip())

    def end(self, how: signal.Signals | None = None) -> None:
        if how is not None:
            self.process.send_signal(how)
        self.process.communicate(timeout=30)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_it_goes_with_its_process() -> None:
    holder = Holder()
    assert holder.folder.stat().st_mode & 0o777 == 0o700
    holder.end()
    assert not holder.folder.exists()


def test_the_next_one_takes_away_what_the_killed_left_and_nothing_else(tmp_path: Path) -> None:
    killed, alive = Holder(), Holder()
    killed.end(signal.SIGKILL)
    assert killed.folder.exists()
    aim = tmp_path / "precious"
    aim.mkdir()
    (tmp_path / "beatwire-counters-link").symlink_to(aim)
    (tmp_path / "beatwire-counters-file").touch()
    Holder().end()
    assert not killed.folder.exists()
    assert alive.folder.exists()
    assert aim.is_dir()
    alive.end()


def test_a_fork_keeps_it() -> None:
    parent = Holder("fork")
    os.waitpid(parent.process.pid, 0)
    Holder().end()
    assert parent.folder.exists()
    parent.end()
    Holder().end()
    assert not parent.folder.exists()
