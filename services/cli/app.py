"""The entry point: runs the command line, and says in one line what ended it.

The commands are imported inside ``main``, so that Ctrl-C is heeded from the first moment.
"""

import contextlib
import errno
import os
import sys
import traceback

from services.errors import TryLater, UserError
from services.words import printable

UNAVAILABLE = 69
INTERNAL = 70
OUTPUT = 74
"""EX_UNAVAILABLE, EX_SOFTWARE and EX_IOERR of sysexits.h."""
INTERRUPTED = 130
_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG}


def main() -> None:
    """Run a command; what ends it is one line and its exit code, never a traceback unasked."""
    try:
        code = _run()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except UserError as error:
        code = _say(str(error), error.exit_code)
    except TryLater as error:
        code = _say(f"{error}; try again", UNAVAILABLE)
    except Exception as error:
        code = _unexpected(error)
    sys.exit(code)


def _run() -> int | str | None:
    """The exit code, once all output has left this process."""
    from services.cli.commands import app

    try:
        app()
    except SystemExit as ended:
        if sys.stdout is not None:
            sys.stdout.flush()
        return ended.code
    return 0


def _unexpected(error: Exception) -> int:
    if isinstance(error, BrokenPipeError):
        _drop_output()
        return 1
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        _drop_output()
        return _say(f"output cannot be written: {error.strerror}", OUTPUT)
    if sys.argv[1:2] == ["--debug"]:
        traceback.print_exception(error)
    name, message = type(error).__name__, " ".join(str(error).split())
    return _say(f"internal error: {name}: {message}; please report it", INTERNAL)


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that the exit does not fail on it again."""
    if sys.stdout is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _say(message: str, code: int) -> int:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            # What a file or a server says may be meant for the terminal.
            sys.stderr.write(f"beatwire: {printable(message)}\n")
            sys.stderr.flush()
    return code
