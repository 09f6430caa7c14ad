"""Running Beatwire: ``work``, ``up`` and ``status``."""

import logging
from typing import Annotated

import typer

JSON = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(work)
    app.command()(up)
    app.command()(status)


def work(
    stage: Annotated[
        str | None,
        typer.Argument(help="One stage (read or index) in this process; without it, all of them."),
    ] = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop with 0 once nothing is left to do.")
    ] = False,
) -> None:
    """Run the stages: pages become articles, articles become searchable.

    Example: beatwire work --drain
    """
    from services.workers.run import run_all, run_stage

    _log()
    if stage is None:
        raise typer.Exit(run_all(drain=drain))
    run_stage(stage, drain=drain)


def up(
    port: Annotated[
        int | None, typer.Option(help="Port of the web pages; default: the setting.")
    ] = None,
) -> None:
    """Crawl on a schedule, run the stages and serve the pages, until Ctrl-C or SIGTERM.

    Example: beatwire up
    """
    from services.workers.run import run_everything

    _log()
    raise typer.Exit(run_everything(port))


def status(as_json: JSON = False) -> None:
    """What is there, what is still to be done, and how everything ended.

    Example: beatwire status --json
    """
    from services.bootstrap import open_bus, open_index, open_store
    from services.cli.output import console, print_json
    from services.cli.report import render_status, take_status
    from services.settings import load_settings

    settings = load_settings()
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        open_index(settings) as index,
    ):
        found = take_status(bus, store, index)
    if as_json:
        print_json(found)
    else:
        console().print(render_status(found), markup=False, end="", soft_wrap=True)


def _log() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
