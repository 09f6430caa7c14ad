"""Real processes for tests: a family's members, waiting with a limit, the command itself."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

BEATWIRE = [sys.executable, "-m", "services.cli"]


def wait_until(holds: Callable[[], bool], seconds: float, what: str = "") -> None:
    """Look again and again; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain {what}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def family(pid: int) -> list[int]:
    """A process and all that descend from it, parents first."""
    pairs = [*_parents()]
    found = [pid]
    for member in found:
        found += [child for child, parent in pairs if parent == member]
    return [member for member in found if alive(member)]


def _parents() -> Iterator[tuple[int, int]]:
    """Every process of the machine, and its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # It has just gone.
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])


def beatwire(
    *args: str, env: Mapping[str, str] | None = None, stdin: str = "", code: int = 0
) -> str:
    """Run the command; what it printed. Fails unless it exits with ``code``."""
    done = subprocess.run(
        [*BEATWIRE, *args],
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == code, f"exit code {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def free_port() -> int:
    """A port of loopback that nobody has now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
