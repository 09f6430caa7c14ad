"""The pages as anybody serves them: a process of its own, on a port that is free."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from tests.support.processes import BEATWIRE


class Server(msgspec.Struct, frozen=True):
    """A server that runs."""

    pid: int
    address: str

    @property
    def port(self) -> int:
        return urlsplit(self.address).port or 0

    @property
    def resident(self) -> int:
        """Bytes of memory that it holds now."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)
        assert found
        return int(found[1]) * 1024


@contextmanager
def server(home: Path, **settings: str) -> Iterator[Server]:
    """``beatwire serve`` over a home folder."""
    environment = {**os.environ, "BEATWIRE_HOME": str(home), **settings}
    # Homes are copied while they are served, and a socket cannot be.
    command = [*BEATWIRE, "serve", "--port", "0", "--no-hand-over"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("Beatwire is at"), said
            yield Server(process.pid, said.split()[3])
        finally:
            process.terminate()


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[str]:
    """The address of such a server."""
    with server(home, **settings) as made:
        yield made.address
