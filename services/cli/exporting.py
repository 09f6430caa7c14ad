"""``--format csv`` and ``jsonl``: all that a search finds, with a bar while it takes long."""

import sys
from collections.abc import Iterator
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from processors.query.tree import Node
from services.answers.export import (
    Format,
    Tell,
    all_articles,
    all_claims,
    article_lines,
    claim_lines,
)
from services.cli.output import messages
from services.cli.saving import write_out
from services.index import ClaimSort, Index, Sort


def export_articles(
    index: Index,
    query: Node,
    *,
    form: Format,
    out: Path | None,
    sort: Sort,
    fold: bool,
    most: int | None,
) -> None:
    """Write all articles that match, or the first ``most``."""
    with _progress(out) as progress:
        bar = _Bar(progress, most)
        rows = all_articles(index, query, sort=sort, fold=fold, most=most, told=bar.begin)
        write_out(article_lines(form, bar.counted(rows)), out)


def export_claims(
    index: Index,
    query: Node,
    *,
    form: Format,
    out: Path | None,
    sort: ClaimSort,
    most: int | None,
) -> None:
    """Write all claims that match, or the first ``most``."""
    with _progress(out) as progress:
        bar = _Bar(progress, most)
        rows = all_claims(index, query, sort=sort, most=most, told=bar.begin)
        write_out(claim_lines(form, bar.counted(rows)), out)


class _Bar:
    """How many rows there will be, and how many there are."""

    def __init__(self, progress: Progress, most: int | None) -> None:
        self._progress, self._most = progress, most
        self._task = progress.add_task("export", total=most)

    @property
    def begin(self) -> Tell:
        return lambda total: self._progress.update(
            self._task, total=total if self._most is None else min(total, self._most)
        )

    def counted[R](self, rows: Iterator[R]) -> Iterator[R]:
        for row in rows:
            yield row
            self._progress.advance(self._task)


def _progress(out: Path | None) -> Progress:
    """On standard error, on a terminal where no rows are shown, and gone when it is over."""
    shows_rows = out is None and sys.stdout.isatty()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=messages(),
        transient=True,
        disable=shows_rows or not messages().is_terminal,
    )
