"""Commands that take JSON lines on standard input and answer each with one line, in order.

A line that cannot be read gets ``{"id"?, "error"}``; the rest goes on, and the exit code is 1 at
the end.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any

import msgspec

from services.cli.output import messages, print_json
from services.errors import UserError

Id = str | int


class BadLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer to a line that could not be read."""

    error: str
    id: Id | None = None


def standard_input() -> Iterable[bytes]:
    """Its lines. Raises UserError when it is closed."""
    if sys.stdin is None:
        raise UserError("standard input is closed; give it JSON lines, as --help shows")
    return sys.stdin.buffer


def decoded[T](lines: Iterable[bytes], decode: Callable[[bytes], T]) -> Iterator[T | BadLine]:
    """Every line that is not empty; ``decode`` raises ValueError for a bad one, as msgspec does."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield decode(line)
        except (ValueError, RecursionError) as error:
            yield BadLine(f"line {number}: {error}", _id_of(line))


def _id_of(line: bytes) -> Id | None:
    try:
        found = msgspec.json.decode(line, type=dict[str, Any]).get("id")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, str | int) else None


def answer[T](
    items: Iterable[T | BadLine], work: Callable[[list[T]], list[Any]], *, batch: int
) -> None:
    """Answer every item in order, ``batch`` at a time; exit with 1 when one of them was bad."""
    from rich.progress import Progress, SpinnerColumn, TextColumn

    bad = False
    shown = messages().is_terminal
    columns = (SpinnerColumn(), TextColumn("{task.completed} read"))
    with Progress(*columns, console=messages(), transient=True, disable=not shown) as progress:
        task = progress.add_task("read", total=None)
        for group in batched(items, batch):
            good = [item for item in group if not isinstance(item, BadLine)]
            answers = iter(work(good))
            for item in group:
                answer = item if isinstance(item, BadLine) else next(answers)
                bad = bad or isinstance(answer, BadLine)
                print_json(answer)
            progress.advance(task, len(group))
    if bad:
        raise SystemExit(1)
