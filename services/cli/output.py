"""How commands speak: JSON for machines, a console for people, one line for an error."""

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
