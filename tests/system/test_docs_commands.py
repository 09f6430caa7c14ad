"""The commands that the documents show (in ``console`` blocks) work as they stand."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import BEATWIRE
from tests.support.tree import ROOT, tracked

PAGES = "http://127.0.0.1:8321"
"""Where documents say that the pages are; tests have them at any free port."""
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """Every command line of every document, once, in order, with the first that has it."""
    first: dict[str, str] = {}
    for path in tracked():
        if path.suffix == ".md" and path.parts[0] != "services":
            for block in BLOCK.findall((ROOT / path).read_text()):
                for line in block.splitlines():
                    if line.startswith("$ "):
                        first.setdefault(line.removeprefix("$ "), str(path))
    return [(path, line) for line, path in first.items()]


@pytest.fixture(scope="module")
def newsroom_home(demo_home: Path) -> Path:
    """A home folder with everything of the sample newsroom in it."""
    return demo_home / "demo"


@pytest.fixture(scope="module")
def pages(newsroom_home: Path) -> Iterator[str]:
    """The address of the pages over the sample newsroom."""
    with subprocess.Popen(
        [*BEATWIRE, "serve", "--port", "0"],
        env={**os.environ, "BEATWIRE_HOME": str(newsroom_home)},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().split()[3].rstrip("/")
        finally:
            server.terminate()


@pytest.mark.slow
@pytest.mark.parametrize(("document", "command"), shown())
def test_a_shown_command_works(
    document: str, command: str, newsroom_home: Path, tmp_path: Path, pages: str
) -> None:
    folder = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": folder + os.pathsep + os.environ["PATH"],
        "BEATWIRE_HOME": str(newsroom_home),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command.replace(PAGES, pages)],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{document}: {command}\n{done.stdout}{done.stderr}"
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr
