"""A family of real processes: restarted when one dies, gone when the parent is."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from services.workers.supervisor import Member, supervise
from tests.support.processes import alive, wait_until

NOTE = """
import os, sys, time
with open(sys.argv[1], "a") as f: f.write(f"{os.getpid()}\\n")
time.sleep(float(sys.argv[2])); sys.exit(int(sys.argv[3]))
"""


@pytest.fixture
def member(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Member]:
    """A member that notes its process number, sleeps, and exits as told."""
    (tmp_path / "noter.py").write_text(NOTE)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return lambda sleep, code: Member("noter", "noter", (str(tmp_path / "pids"), sleep, code))


def pids(folder: Path) -> list[int]:
    path = folder / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def test_a_killed_member_is_started_again(member: Callable[..., Member], tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=supervise, args=([member("60", "0")], stop))
    thread.start()
    wait_until(lambda: len(pids(tmp_path)) == 1, 20)
    os.kill(pids(tmp_path)[0], signal.SIGKILL)
    wait_until(lambda: len(pids(tmp_path)) == 2, 20)
    stop.set()
    thread.join()
    assert not alive(pids(tmp_path)[1])


def test_once_the_family_ends_with_its_members(
    member: Callable[..., Member], tmp_path: Path
) -> None:
    assert supervise([member("0", "0"), member("0.1", "0")], threading.Event(), once=True) == 0
    assert len(pids(tmp_path)) == 2


def test_a_member_that_cannot_run_ends_the_family(member: Callable[..., Member]) -> None:
    assert supervise([member("60", "0"), member("0", "78")], threading.Event()) == 78


def test_once_what_a_person_has_to_mend_ends_the_family(member: Callable[..., Member]) -> None:
    stop = threading.Event()
    assert supervise([member("60", "0"), member("0", "1")], stop, once=True) == 1


def test_members_die_with_a_killed_parent(member: Callable[..., Member], tmp_path: Path) -> None:
    script = (
        "import threading; from services.workers.supervisor import *; "
        f"supervise([Member('n', 'noter', {member('60', '0').args!r})], threading.Event())"
    )
    parent = subprocess.Popen([sys.executable, "-c", script])
    wait_until(lambda: len(pids(tmp_path)) == 1, 20)
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(pids(tmp_path)[0]), 20)
