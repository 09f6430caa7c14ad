"""``beatwire stories``: which articles are copies of one text, and which tell of one event."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec
import typer

from services.cli.lines import BadLine, Id, decoded, standard_input
from services.cli.output import messages, print_json

if TYPE_CHECKING:
    from processors.stories.coverage import Report

MAX_TEXT = 1_000_000
"""Characters, as for the language model."""


class ReportLine(msgspec.Struct, frozen=True):
    """A line of standard input."""

    id: Id
    text: str
    title: str | None = None
    published: str | None = None


class PlacedLine(msgspec.Struct, frozen=True):
    """A line of standard output. Groups and stories are named after the first article in them."""

    id: Id
    group: Id
    story: Id


_line = msgspec.json.Decoder(ReportLine).decode


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(stories)


def stories() -> None:
    """Find copies and events: JSON lines {"id", "text"} in, {"id", "group", "story"} a line out.

    Articles of the same group are near-copies of one text; those of the same story tell of the
    same event. Each is named after its first article. An article may have a title and the time
    when it was published. Nothing is answered before the last line was read.

    Example: echo '{"id": 1, "text": "Chip exports fell.", "published": "2026-03-02"}'
    | beatwire stories
    """
    from processors.stories.coverage import coverage

    ids: list[Id] = []
    reports: list[Report] = []
    read: list[BadLine | None] = []
    for line in decoded(standard_input(), _read):
        read.append(line if isinstance(line, BadLine) else None)
        if not isinstance(line, BadLine):
            ids.append(line[0])
            reports.append(line[1])
    with _progress(len(reports)) as tick:
        placed = zip(ids, coverage(reports, tick), strict=True)
    for bad in read:
        if bad is not None:
            print_json(bad)
        else:
            own, place = next(placed)
            print_json(PlacedLine(own, ids[place.group], ids[place.story]))
    if any(read):
        raise SystemExit(1)


def _read(line: bytes) -> "tuple[Id, Report]":
    """Raises ValueError for what is no report."""
    from processors.extract.times import parse_when
    from processors.stories.coverage import Report

    found = _line(line)
    size = len(found.text) + len(found.title or "")
    if size > MAX_TEXT:
        raise ValueError(f"text of {size:,} characters is longer than {MAX_TEXT:,}")
    when = parse_when(found.published) if found.published else None
    if found.published and when is None:
        raise ValueError(f"published: not a time in ISO 8601: {found.published[:100]!r}")
    return found.id, Report(found.text, found.title or "", when.at if when else None)


@contextmanager
def _progress(articles: int) -> Iterator[Callable[[int], None]]:
    """Shown on a terminal only."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from processors.stories.coverage import TICKS

    columns = (TextColumn("comparing"), BarColumn(), TimeRemainingColumn())
    shown = messages().is_terminal
    with Progress(*columns, console=messages(), transient=True, disable=not shown) as progress:
        task = progress.add_task("compare", total=TICKS * articles or 1)
        yield lambda steps: progress.advance(task, steps)
