"""How a demo speaks to people: progress while it crawls, and what it found."""

import shlex
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from services.demo.findings import Disagreement, Findings, Search
from services.demo.journey import LAST_EDITION, Progress, Tell
from services.demo.server import Newsroom
from services.words import counted

LINE_SECONDS = 2.0
"""Least time between two lines of progress where there is no terminal."""


@contextmanager
def showing(console: Console, newsroom: Newsroom) -> Iterator[Tell]:
    """Something to tell progress to: a living line on a terminal, now and then a line elsewhere."""
    names = ", ".join(newsroom.hosts)
    console.print(
        f"Crawling the sample newsroom: {names}, all on port {newsroom.port} here", soft_wrap=True
    )
    if console.is_terminal:
        with console.status("starting") as status:
            yield lambda progress: status.update(progress_line(progress))
    else:
        yield _Lines(console)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._last, self._at = "", 0.0

    def __call__(self, progress: Progress) -> None:
        line, now = progress_line(progress), time.monotonic()
        if line != self._last and now - self._at >= LINE_SECONDS:
            self._last, self._at = line, now
            self._console.print(line, soft_wrap=True)


def progress_line(progress: Progress) -> str:
    """Which edition, and how many pages are where."""
    return (
        f"edition {progress.edition} of {LAST_EDITION}: {progress.fetched} of {progress.listed} "
        f"addresses fetched; {progress.read} pages read, {progress.indexed} articles indexed"
    )


def render(found: Findings, home: Path, newsroom_port: int | None) -> str:
    """A page of text: what there is, where sources disagree, what to try.

    ``newsroom_port`` is None when nobody serves the pages afterwards.
    """
    parts = [
        f"\n{counted(found.articles, 'article')}, {counted(sum(found.claims.values()), 'claim')}, "
        f"{counted(found.revisions, 'older revision')}",
        f"  addresses  {_counts(found.fetched)}",
        *(f"  {stage:<9}  {_counts(ends)}" for stage, ends in found.stages.items()),
        f"  claims     {_counts(found.claims)}",
    ]
    if found.disagreement:
        parts += ["", *_disagreement(found.disagreement)]
    where = "" if newsroom_port is None else "in the browser or "
    parts += [
        "",
        f"Try, {where}here (with BEATWIRE_HOME={shlex.quote(str(home))}):",
        *(
            f"  {_command(search):<64}  {counted(search.articles, 'article')}"
            for search in found.searches
        ),
    ]
    if newsroom_port is not None:
        pages = f"http://ledger.localhost:{newsroom_port}/"
        parts += ["", f"The publishers' own pages: {pages} (also circuit, wire, chipdesk)"]
    return "\n".join(parts)


def _command(search: Search) -> str:
    return f"beatwire search {shlex.quote(search.query)}"


def _disagreement(found: Disagreement) -> list[str]:
    width = max(len(figure.figure) for figure in found.figures)
    return [
        f"What did training {found.about} cost? It depends on whom you ask:",
        *(f"  {f.figure:>{width}}  {f.source}: {f.title}" for f in found.figures),
    ]


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count} {name}" for name, count in ordered) or "none"
