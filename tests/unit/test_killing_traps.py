"""The traps of the kill matrix: one victim a trap, at the pass that was asked for."""

import signal
import subprocess
import sys
from pathlib import Path

from services.bus import Slice
from tests.support.killing_traps import Strike, Traps

WALKER = """
import sys
from pathlib import Path
from tests.support.killing_traps import Traps

traps = Traps(Path(sys.argv[1]))
for step in range(3):
    print(step, flush=True)
    traps.pass_by("gate")
"""


def walk(folder: Path) -> tuple[int, list[str]]:
    """A process that comes by three times; its exit code, and what it saw."""
    done = subprocess.run(
        [sys.executable, "-c", WALKER, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.split()


def test_the_nth_pass_dies_and_nobody_after_it(tmp_path: Path) -> None:
    traps = Traps(tmp_path)
    traps.set("gate", 5)
    assert walk(tmp_path) == (0, ["0", "1", "2"])
    assert not traps.is_sprung("gate")
    assert walk(tmp_path) == (-signal.SIGKILL, ["0", "1"])
    assert traps.is_sprung("gate")
    assert [each.point for each in traps.strikes()] == ["gate"]
    assert walk(tmp_path) == (0, ["0", "1", "2"])


def test_what_was_struck_is_spared(tmp_path: Path) -> None:
    traps = Traps(tmp_path)
    traps.set("gate")
    assert traps.is_struck("gate", Slice("pages", 1, 10, 19))
    assert [each.part for each in traps.strikes()] == [Slice("pages", 1, 10, 19)]
    traps.set("gate")
    assert not traps.is_struck("gate", Slice("pages", 1, 19, 30))
    assert traps.is_struck("gate", Slice("pages", 2, 19, 30))


def test_a_trap_that_is_taken_away_strikes_nobody(tmp_path: Path) -> None:
    traps = Traps(tmp_path)
    traps.set("gate")
    traps.clear("gate")
    assert walk(tmp_path) == (0, ["0", "1", "2"])
    assert traps.strikes() == list[Strike]()
