"""Row 10: an index has one writer; a second one ends with 75 and says who has it."""

import os
import signal
import subprocess
import sys

import pytest

from services.index.tantivy import TantivyIndex
from services.settings import load_settings
from tests.support.articles import article
from tests.support.processes import BEATWIRE

HOLDER = """
import sys, time
from services.bootstrap import open_index
from services.settings import load_settings
from tests.support.articles import article
with open_index(load_settings(), write=True) as index:
    index.put([article("held")])
    print("written", flush=True)
    time.sleep(600)
"""


def second(*command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*BEATWIRE, *command], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize("command", [("work", "index"), ("rebuild",)], ids=" ".join)
def test_a_second_writer_ends_with_75_and_harms_nothing(home: str, command: tuple[str]) -> None:
    assert home
    folder = load_settings().index_folder
    with TantivyIndex(folder, write=True) as first:
        first.put([article("before")])
        done = second(*command)
        assert done.returncode == 75, done.stderr
        assert f"is locked by pid {os.getpid()}; end the `beatwire up`" in done.stderr
        assert "Traceback" not in done.stderr
        assert first.put([article("after")]) == ["stored"]
    with TantivyIndex(folder) as index:
        assert index.stats().articles == 2


@pytest.mark.slow
def test_a_writer_that_was_killed_holds_nothing(home: str) -> None:
    assert home
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"written\n"
        refused = second("rebuild")
        assert (refused.returncode, f"pid {holder.pid};" in refused.stderr) == (75, True)
        holder.send_signal(signal.SIGKILL)
    with TantivyIndex(load_settings().index_folder, write=True) as index:
        assert index.put([article("held")]) == ["unchanged"]
