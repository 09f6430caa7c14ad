"""How commands speak: JSON for machines, a console for people, one line for an error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console

from services.words import printable

JSON = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


@cache
def console() -> Console:
    """Where people read; colours and progress only on a terminal."""
    return Console(highlight=False)


@cache
def messages() -> Console:
    """Progress and warnings, kept apart from results."""
    return Console(stderr=True, highlight=False)


def say(line: str) -> None:
    """One line of a result for people, whatever characters are in it, and however long."""
    console().print(printable(line), markup=False, soft_wrap=True)


def warn(line: str) -> None:
    """The same beside the result."""
    messages().print(f"beatwire: {printable(line)}", markup=False, soft_wrap=True)


def tell(line: str) -> None:
    """How far a measurement is."""
    messages().print(line, style="dim")


@contextmanager
def progress(what: str) -> Iterator[Callable[[str, int | None, int | None], None]]:
    """A bar on a terminal. It is told in words what is done, how much of it is, and of how much.

    None: as before.
    """
    from rich.progress import Progress

    out = messages()
    with Progress(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def told(words: str, done: int | None, of: int | None) -> None:
            bar.update(task, description=words, completed=done, total=of or None)

        yield told


def print_json(value: Any) -> None:
    """One JSON document on one line of standard output, times in ISO 8601."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()
