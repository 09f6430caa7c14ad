"""The command ``beatwire``: one file a command group; nothing heavy is imported before its use."""

from typing import Annotated

import typer

from services.cli import (
    bench,
    channels,
    crawl,
    deliver,
    demo,
    keys,
    language,
    match,
    operate,
    search,
    serve,
    setup,
    sources,
    topics,
    train,
    users,
)
from services.version import VERSION

app = typer.Typer(
    name="beatwire",
    help="Coverage of the AI industry, crawled, read and searchable by what it says.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
GROUPS = (
    crawl,
    language,
    match,
    search,
    topics,
    channels,
    operate,
    deliver,
    setup,
    serve,
    sources,
    users,
    keys,
    demo,
    bench,
    train,
)
for group in GROUPS:
    group.register(app)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"beatwire {VERSION}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Print the traceback of an internal error.")
    ] = False,
) -> None:
    """Options of the command itself; ``app.main`` looks for ``--debug``."""
