"""``beatwire bench report``: saved runs into the tables of a document."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.output import say
from services.words import counted


def report(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE...", help="Runs that a bench printed with --json."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="The document; its runs are in folder `measured` beside it.")
    ] = Path("docs/performance.md"),
) -> None:
    """Write a document's tables anew from its saved runs, and these ones in place of theirs.

    A file takes the place of the run that has its name. Prose is left as it is.

    Example: beatwire bench nlp --json > nlp.json && beatwire bench report nlp.json
    """
    from services.bench.report import report as written

    runs = written(out, files or [])
    say(f"{out}: tables of {counted(len(runs), 'run')}")
