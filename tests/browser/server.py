"""The pages as anybody serves them: a process of its own, on a port that is free."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import BEATWIRE


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[str]:
    """``beatwire serve`` over a home folder, as a process of its own, and its address."""
    environment = {**os.environ, "BEATWIRE_HOME": str(home), **settings}
    with subprocess.Popen(
        [*BEATWIRE, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith("Beatwire is at"), said
            yield said.split()[3]
        finally:
            process.terminate()
