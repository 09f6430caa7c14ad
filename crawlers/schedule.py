"""The schedule of ``beatwire up``: crawl processes, one after the other, since a reactor runs once.

One lives for half an hour or 20,000 pages, and takes what is due from the store; then a fresh one
follows at once, so that whatever a hostile page did to a process ends with it.
"""

import logging
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
FIRST_WAIT_SECONDS = 1.0
"""After a process that died; doubled while the next ones die too."""
MOST_WAIT_SECONDS = 60.0
PATIENCE_SECONDS = 10.0
"""How long a process that was told to stop may take before it is killed."""


def run_every(
    seconds: float, seeds: Sequence[str], stop: Any, beat: Callable[[], None] = lambda: None
) -> int:
    """Look at each source when it is due, or at ``seeds`` each ``seconds``, until a signal.

    What a process that died had still to fetch does not wait its turn. ``beat`` is told of every
    look at the process that runs.
    """
    asked = threading.Event()
    stop.tell = asked.set
    if stop.number is not None:
        asked.set()
    wait = FIRST_WAIT_SECONDS
    arguments = ("--round", *(("--", *seeds) if seeds else ("--watch", str(seconds))))
    while not asked.is_set():
        started = time.monotonic()
        if _round(arguments, {0, 1} if seeds else {0}, asked, beat):
            wait = FIRST_WAIT_SECONDS
            pause = seconds if seeds else FIRST_WAIT_SECONDS
            _pause(started + pause - time.monotonic(), asked, beat)
        else:
            most = min(wait, seconds if seeds else MOST_WAIT_SECONDS)
            # Crawlers that a server left in the lurch together do not come back in step.
            _pause(most * random.uniform(0.5, 1.0), asked, beat)  # noqa: S311
            wait *= 2
    return int(stop.exit_code or 0)


def _pause(seconds: float, asked: threading.Event, beat: Callable[[], None]) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not asked.wait(min(left, LOOK_SECONDS)):
        beat()


def _round(
    arguments: Sequence[str], well: set[int], asked: threading.Event, beat: Callable[[], None]
) -> bool:
    """One process; whether it came to its own end."""
    command = [sys.executable, "-P", "-m", "services.tied", "crawlers", *arguments]
    # Standard input is the tie: the round ends when this process does, however it ends.
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        while child.poll() is None:
            beat()
            if asked.wait(LOOK_SECONDS):
                child.terminate()
                try:
                    child.wait(PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    child.kill()
    ended = child.returncode in well
    if not ended and not asked.is_set():
        log.warning("a crawl process ended with %s", child.returncode)
    return ended
