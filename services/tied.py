"""``python -m services.tied MODULE ARGS…``: runs a module that ends when its parent does.

The parent keeps the other end of standard input open. When it dies, however it dies, the pipe
closes: the module gets SIGTERM, and SIGKILL if it has not ended half a minute later. This works on
every Unix, while a death signal (``prctl``) is Linux's alone.
"""

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 30.0


def end_with_parent() -> None:
    """Watch standard input from a thread of its own."""
    threading.Thread(target=_watch, daemon=True, name="tied").start()


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
