"""The commands that the documents show (in ``console`` blocks) work as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import beatwire
from tests.support.tree import ROOT, tracked

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """Every command line of every document."""
    return [
        (str(path), line.removeprefix("$ "))
        for path in tracked()
        if path.suffix == ".md" and path.parts[0] != "services"
        for block in BLOCK.findall((ROOT / path).read_text())
        for line in block.splitlines()
        if line.startswith("$ ")
    ]


@pytest.fixture(scope="module")
def newsroom_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with everything of the sample newsroom in it."""
    home = tmp_path_factory.mktemp("docs")
    beatwire("demo", "--no-serve", env={"BEATWIRE_HOME": str(home)})
    return home / "demo"


@pytest.mark.slow
@pytest.mark.parametrize(("document", "command"), shown())
def test_a_shown_command_works(
    document: str, command: str, newsroom_home: Path, tmp_path: Path
) -> None:
    folder = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": folder + os.pathsep + os.environ["PATH"],
        "BEATWIRE_HOME": str(newsroom_home),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
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
