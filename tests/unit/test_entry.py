"""Whatever ends a command is one line and an exit code; a traceback comes only when asked for."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli import app, commands
from services.errors import LockedError, TryLater, UserError
from tests.support.processes import BEATWIRE


def ended(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[object, str]]:
    """Runs ``main`` with a command that raises; the exit code and what stands on stderr."""
    monkeypatch.setattr(app, "_drop_output", lambda: None)

    def call(error: BaseException, *arguments: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["beatwire", *arguments])
        monkeypatch.setattr(commands, "app", ended(error))
        with pytest.raises(SystemExit) as exit_:
            app.main()
        return exit_.value.code, capsys.readouterr().err

    return call


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (LockedError("held"), 75, "beatwire: held\n"),
        (UserError("by \x1b]0;me\x07\ud800\n"), 1, "beatwire: by ?]0;me???\n"),
        (TryLater("the file is busy"), 69, "beatwire: the file is busy; try again\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 1, ""),
        (OSError(errno.ENOSPC, "No space left"), 74, "beatwire: output cannot be written: No spa"),
        (KeyError("a\nb"), 70, "beatwire: internal error: KeyError: 'a\\nb'; please report it\n"),
        (SystemExit(3), 3, ""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_end_has_its_line(
    run: Callable[..., tuple[object, str]], error: BaseException, code: int, line: str
) -> None:
    found, shown = run(error)
    assert found == code
    assert shown.startswith(line)
    assert shown.count("\n") == bool(line)


def test_a_traceback_comes_when_asked_for(run: Callable[..., tuple[object, str]]) -> None:
    code, shown = run(ValueError("odd"), "--debug", "status")
    assert code == 70
    assert "Traceback" in shown


def test_a_full_disk_behind_the_output(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*BEATWIRE, "status", "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "BEATWIRE_HOME": str(tmp_path / "home")},
        )
    assert done.returncode == 74
    assert done.stderr == "beatwire: output cannot be written: No space left on device\n"
