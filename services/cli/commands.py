"""The command ``beatwire``: one file a command group; nothing heavy is imported before its use."""

from typing import Annotated

import typer

from services.cli import (
    backup,
    bench,
    channels,
    config,
    crawl,
    dead,
    deliver,
    demo,
    doctor,
    importing,
    keys,
    language,
    listing,
    match,
    operate,
    plan,
    prune,
    rebuild,
    reprocess,
    search,
    serve,
    setup,
    sources,
    stories,
    topics,
    trail,
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
    importing,
    language,
    listing,
    match,
    stories,
    search,
    topics,
    channels,
    operate,
    plan,
    rebuild,
    reprocess,
    prune,
    dead,
    trail,
    deliver,
    setup,
    doctor,
    config,
    serve,
    sources,
    users,
    keys,
    demo,
    backup,
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
