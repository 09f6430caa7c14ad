"""The real servers that connected tests use; ``deploy/devstack`` brings them up."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.tree import ROOT

VARIABLES = {
    "kafka": "TEST_KAFKA",
    "elasticsearch": "TEST_ELASTICSEARCH",
    "postgresql": "TEST_POSTGRESQL",
    "redis": "TEST_REDIS",
}
REMEDY = "run them with: deploy/devstack/devstack run .venv/bin/python -m pytest"
DEVSTACK = [sys.executable, str(ROOT / "deploy/devstack/devstack")]


def required_server(name: str) -> str:
    """A server's address; the test fails where nobody gave one."""
    address = os.environ.get(VARIABLES[name])
    assert address, f"{VARIABLES[name]} is not set; {REMEDY}"
    return address


def absent_servers(item: pytest.Item, environ: Mapping[str, str]) -> list[str]:
    """The servers that a test needs and that are not there.

    ``@pytest.mark.connected("redis")`` needs those it names; without a name it needs all four.
    Where ``TEST_SERVERS`` is ``required`` nothing counts as absent: the test runs, and fails.
    """
    mark = item.get_closest_marker("connected")
    if mark is None or environ.get("TEST_SERVERS") == "required":
        return []
    return [name for name in mark.args or VARIABLES if not environ.get(VARIABLES[name])]


def left_out_line(count: int, absent: set[str]) -> str:
    """What the summary says of the connected tests that could not run."""
    names = [VARIABLES[name] for name in VARIABLES if name in absent]
    tests = "connected test" if count == 1 else "connected tests"
    return f"{count} {tests} left out ({', '.join(names)} not set); {REMEDY}"


class PrivateServers:
    """An instance of the devstack that one test may break."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def address(self, server: str) -> str:
        """As ``required_server`` gives it. It stays the same when the server is killed."""
        for line in self._devstack("env", "--tests").splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            if name == VARIABLES[server]:
                return value
        raise AssertionError(f"{server} does not run")

    def up(self, *servers: str) -> None:
        """Bring servers up; returns when they answer."""
        self._devstack("up", *servers)

    def stop(self, *servers: str) -> None:
        """End servers in good order."""
        self._devstack("stop", *servers)

    def kill(self, server: str) -> None:
        """End a server as a power cut would."""
        self._devstack("kill", server)

    def pause(self, server: str) -> None:
        """Freeze a server: its connections stay, and nothing answers."""
        self._devstack("pause", server)

    def resume(self, server: str) -> None:
        """Let a frozen server go on."""
        self._devstack("resume", server)

    def _devstack(self, *words: str) -> str:
        done = subprocess.run(
            [*DEVSTACK, "--home", str(self.home), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            # A Ctrl-C at the terminal is ours: what is half done is done to its end.
            start_new_session=True,
        )
        assert done.returncode == 0, f"devstack {' '.join(words)}: {done.stderr or done.stdout}"
        return done.stdout


@contextlib.contextmanager
def private_servers(*names: str) -> Iterator[PrivateServers]:
    """Servers of one test alone, gone with all their data at the end."""
    home = Path(tempfile.mkdtemp(prefix="beatwire-servers-"))
    # The servers run as another account where the tests run as root, and must get in.
    home.chmod(0o711)
    with removal_at_the_end(home):
        servers = PrivateServers(home)
        if names:
            servers.up(*names)
        yield servers


@contextlib.contextmanager
def removal_at_the_end(home: Path) -> Iterator[None]:
    """End an instance after the block, and also where this process is killed in the middle of it.

    A process of its own waits for the end of its input, which comes in both cases.
    """
    script = 'cat >/dev/null; "$@" && rm -r "$0"'
    words = ["sh", "-c", script, str(home), *DEVSTACK, "--home", str(home), "reset"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True) as guard:
        yield
    assert guard.returncode == 0, f"{home} was not reset"
