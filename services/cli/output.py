"""How commands speak: JSON for machines, a console for people, one line for an error."""

import logging
import sys
from functools import cache
from typing import Any

import msgspec
from rich.console import Console


@cache
def console() -> Console:
    """Where people read; colours and progress only on a terminal."""
    return Console(highlight=False)


@cache
def messages() -> Console:
    """Progress and warnings, kept apart from results."""
    return Console(stderr=True, highlight=False)


def print_json(value: Any) -> None:
    """One JSON document on one line of standard output, times in ISO 8601."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def log_warnings() -> None:
    """Let a process that runs for long say on standard error what somebody should look at."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # They tell of every request that failed, which the adapters' own errors do better.
    for name in ("elastic_transport", "kafka"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
