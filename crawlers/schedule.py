"""The schedule of ``beatwire up``: one crawl process a round, since a reactor runs only once.

A fresh process a round also means that new and paused sources are seen, and that whatever a
hostile page did to a process ends with its round.
"""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

log = logging.getLogger(__name__)

FIRST_WAIT_SECONDS = 1.0
"""After a round that died; doubled while the next ones die too."""
PATIENCE_SECONDS = 10.0
"""How long a round that was told to stop may take before it is killed."""


def run_every(seconds: float, seeds: Sequence[str], stop: Any) -> int:
    """Crawl, wait until ``seconds`` after the start of that round, and again, until a signal.

    A round that died is made up for soon: what it had still to fetch does not wait its turn.
    """
    asked = threading.Event()
    stop.tell = asked.set
    if stop.number is not None:
        asked.set()
    wait = FIRST_WAIT_SECONDS
    while not asked.is_set():
        started = time.monotonic()
        if _round(seeds, asked):
            wait = FIRST_WAIT_SECONDS
            asked.wait(max(0.0, started + seconds - time.monotonic()))
        else:
            asked.wait(min(wait, seconds))
            wait *= 2
    return int(stop.exit_code or 0)


def _round(seeds: Sequence[str], asked: threading.Event) -> bool:
    """One crawl; whether it came to its own end."""
    command = [sys.executable, "-P", "-m", "services.tied", "crawlers", *seeds]
    # Standard input is the tie: the round ends when this process does, however it ends.
    with subprocess.Popen(command, stdin=subprocess.PIPE) as child:
        while child.poll() is None:
            if asked.wait(0.2):
                child.terminate()
                try:
                    child.wait(PATIENCE_SECONDS)
                except subprocess.TimeoutExpired:
                    child.kill()
    ended = child.returncode in {0, 1}
    if not ended and not asked.is_set():
        log.warning("a round of the crawl ended with %s", child.returncode)
    return ended
