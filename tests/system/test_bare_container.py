"""As in a container: only the home folder can be written, no ``HOME``, a user without a name.

Root can have all of that for real, in a mount namespace of its own. For everyone else Python's own
attempts to write elsewhere are refused, which sees less.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from services.topics import TOPICS
from tests.support.processes import wait_until

READ_ONLY = ["unshare", "--mount", "sh", "-c", 'mount -o remount,ro,bind / && exec "$@"', "sh"]
REAL = (
    os.geteuid() == 0
    and all(map(shutil.which, ("unshare", "setpriv", "mount")))
    and subprocess.run([*READ_ONLY, "true"], check=False).returncode == 0
)
NOBODY = "54321"
WALLS = """
set -e
mount --bind "$BEATWIRE_HOME" "$BEATWIRE_HOME"
mount -o remount,ro,bind /
only=-all,+dac_read_search
exec setpriv --reuid $0 --regid 0 --clear-groups --no-new-privs \\
  --bounding-set=$only --inh-caps=$only --ambient-caps=$only "$@"
"""
"""May read everything, as the image may be read by everyone, and write what group 0 may."""
REFUSING = """
import errno, os, runpy, sys
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.link", "os.symlink"}
home = os.environ.get("BEATWIRE_HOME", "/nowhere")
def hook(event, args):
    flags = args[2] or 0 if event == "open" and isinstance(args[0], str) else 0
    if flags & (os.O_WRONLY | os.O_RDWR) or event in CHANGES:
        path = os.path.abspath(args[0])
        if not path.startswith((home, "/dev/")):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)
sys.addaudithook(hook)
sys.argv = sys.argv[1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""

pytestmark = pytest.mark.slow


def start(folder: Path | None, module: str, *arguments: str) -> "subprocess.Popen[str]":
    """A module of ours between the walls; ``folder`` is the home folder that may be written."""
    python = [sys.executable, "-m"] if REAL else [sys.executable, "-c", REFUSING]
    walls = ["unshare", "--mount", "sh", "-c", WALLS, NOBODY] if REAL and folder else []
    env = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONSAFEPATH": "1"}
    if folder:
        folder.mkdir(mode=0o770)
        folder.chmod(0o770)
        env["BEATWIRE_HOME"] = str(folder)
    return subprocess.Popen(
        [*walls, *python, module, *arguments],
        cwd="/",
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path | None, module: str, *arguments: str) -> tuple[int, str, str]:
    process = start(folder, module, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    return tmp_path / "volume"


def test_the_walls_hold(folder: Path) -> None:
    code, _, err = run(folder, "timeit", "-n1", "-r1", "open('/tmp/beatwire-probe', 'w')")
    assert code == 1
    assert "Read-only file system" in err or "Permission denied" in err
    assert not Path("/tmp/beatwire-probe").exists()


@pytest.mark.parametrize("command", [["--help"], ["--version"], ["status", "--json"]])
def test_a_command_works(folder: Path, command: list[str]) -> None:
    code, out, err = run(folder, "services.cli", *command)
    assert (code, err) == (0, "")
    assert out


def test_everything_is_made_in_the_home_folder(folder: Path) -> None:
    code, out, err = run(folder, "services.cli", "setup")
    assert (code, err) == (0, "")
    assert all(f"{name} (" in out for name in TOPICS)
    assert {path.name for path in folder.iterdir()} >= {"bus.sqlite", "store.sqlite"}


def test_the_pages_are_served_and_end_in_order(folder: Path) -> None:
    process = start(folder, "services.cli", "serve", "--port", "0")
    assert process.stdout
    assert process.stdout.readline().startswith("Beatwire is at http://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


def test_a_crawl_waits_for_what_is_due_and_ends_in_order(folder: Path) -> None:
    process = start(folder, "crawlers", "--every", "600")
    wait_until(lambda: any(folder.rglob("store.sqlite")), 30, "for a crawl to begin")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert '"summary"' in out


def test_without_a_folder_to_write_the_start_says_so() -> None:
    python = [sys.executable, "-m"] if REAL else [sys.executable, "-c", REFUSING]
    done = subprocess.run(
        [*(READ_ONLY if REAL else []), *python, "services.cli", "serve", "--port", "0"],
        cwd="/",
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 78
    assert done.stderr.startswith("beatwire: BEATWIRE_HOME=/.beatwire: the folder cannot be used")
    assert done.stderr.count("\n") == 1
