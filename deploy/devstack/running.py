"""``devstack run``: a command that has the servers for as long as it takes."""

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping
from types import FrameType

from deploy.devstack import programs
from deploy.devstack.errors import DevstackError
from deploy.devstack.instance import Instance, tell
from deploy.devstack.servers import SERVERS

ENDING = (signal.SIGTERM, signal.SIGHUP)


def run_with(instance: Instance, command: list[str], *, possible: bool) -> int:
    """Run the command with the variables of the servers; its exit code.

    A server whose ``TEST_`` variable is set already is used where that says, not brought up here.
    """
    words = command[1:] if command[:1] == ["--"] else command
    if not words:
        raise DevstackError("run needs a command; for instance: devstack run pytest -m connected")
    names = wanted(os.environ)
    if possible:
        names = leave_out_impossible(instance, names)
    for number in ENDING:
        signal.signal(number, interrupt)
    try:
        with instance.home.use():
            instance.up(names, keep=False)
            return attend(words, {**os.environ, **instance.exports(names)})
    finally:
        instance.leave()


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat a request to end like Ctrl-C, so that what was started is stopped."""
    raise KeyboardInterrupt


def wanted(environ: Mapping[str, str]) -> list[str]:
    """The servers that the environment does not name yet."""
    return [name for name in SERVERS if not environ.get(f"TEST_{name.upper()}")]


def leave_out_impossible(instance: Instance, names: Iterable[str]) -> list[str]:
    """The servers that can run here; one line says which cannot, and what would help."""
    missing = {name: instance.missing(SERVERS[name]) for name in names}
    if line := programs.missing_line(missing):
        tell(f"Left out: {line}")
    return [name for name in missing if not missing[name]]


def attend(words: list[str], env: Mapping[str, str]) -> int:
    """Run a command to its end, whatever we are told meanwhile: the servers wait to be stopped.

    Ctrl-C reaches the command from the terminal; a request to end is passed on.
    """
    try:
        child = subprocess.Popen(words, env=env)
    except OSError as error:
        raise DevstackError(f"cannot run {words[0]}: {error.strerror}") from None

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in ENDING:
        signal.signal(number, pass_on)
    code = child.wait()
    return code if code >= 0 else 128 - code
