"""``--format`` and ``--out``: files that hold all of a search, and are whole or not there."""

import csv
import io
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.cli.saving import write_out
from services.errors import TryLater, UserError
from services.index.tantivy import TantivyIndex
from tests.support.api import told_twice
from tests.support.articles import article
from tests.support.processes import beatwire
from tests.unit.test_search_commands import Run, run

__all__ = ["run"]
COUNT = 450


@pytest.fixture
def many(tmp_path: Path) -> None:
    with TantivyIndex(tmp_path / "index", write=True) as index:
        index.put([article(f"s{n}", hours=n) for n in range(COUNT)])
        index.put(told_twice())


@pytest.mark.usefixtures("many")
def test_csv_and_lines_hold_everything(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("search", "--format", "csv"))))
    assert len(rows) == COUNT + 3
    lines = run("search", "--format", "jsonl", "--sort", "oldest").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == COUNT + 3
    assert len(run("search", "--format", "jsonl", "--limit", "7").splitlines()) == 7
    assert len(run("claims", "--format", "csv", "tern").splitlines()) == 4
    folded = run("search", "tern", "--format", "jsonl", "--fold").splitlines()
    assert len(folded) == 2


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.json", "OUT.CSV"])
def test_the_ending_of_a_file_tells_its_format(run: Run, tmp_path: Path, name: str) -> None:
    assert run("claims", "tern", "--out", str(tmp_path / name)) == ""
    text = (tmp_path / name).read_text()
    told = {"csv": text.startswith("kind,"), "jsonl": text.count("\n") == 3}
    told["json"] = name.endswith("json") and json.loads(text)["total"] == 3
    assert told[name.lower().partition(".")[2]]
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) & 0o444 == 0o444
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--out", "a.txt"], "add --format"),
        (["--out", "a", "--format", "text"], "text is for a terminal"),
        (["--json", "--format", "csv"], "two formats"),
        (["--format", "csv", "--offset", "3"], "--offset is for pages"),
        (["--out", "no/such/folder/a.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(run: Run, given: list[str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        run("search", *given)


def test_a_file_stays_as_it_was_when_the_export_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("last week's")

    def lines() -> Any:
        yield b"a,b\r\n"
        raise TryLater("the index went away")

    with pytest.raises(TryLater):
        write_out(lines(), out)
    assert out.read_text() == "last week's"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_device_is_written_to_and_stays_one() -> None:
    write_out([b"x"], Path("/dev/null"))
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


KILLED = """
import os, signal, sys
from pathlib import Path
from services.cli.saving import write_out
def lines():
    yield b"x" * 2_000_000
    os.kill(os.getpid(), signal.SIGKILL)
write_out(lines(), Path(sys.argv[1]))
"""


def test_a_killed_export_leaves_no_file_under_its_name(tmp_path: Path) -> None:
    """Row 7."""
    out = tmp_path / "out.csv"
    for before in (None, "last week's"):
        if before:
            out.write_text(before)
        done = subprocess.run([sys.executable, "-c", KILLED, str(out)], check=False)
        assert done.returncode == -signal.SIGKILL
        assert (out.read_text() if out.exists() else None) == before


@pytest.mark.usefixtures("many")
def test_standard_output_may_be_closed_early(tmp_path: Path) -> None:
    home = {"BEATWIRE_HOME": str(tmp_path)}
    assert beatwire("search", "--format", "jsonl", "--limit", "2", env=home).count("\n") == 2
    code = f"{sys.executable} -m services.cli search --format csv | head -n 1"
    done = subprocess.run(
        ["bash", "-c", code], env={**os.environ, **home}, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("id,url,")
    assert "Traceback" not in done.stderr
