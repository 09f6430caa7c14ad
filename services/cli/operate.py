"""Running Beatwire: ``work``, ``up`` and ``status``."""

from typing import Annotated, Literal

import typer

from services.cli.output import JSON, console, print_json


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(work)
    app.command()(up)
    app.command()(status)


def work(
    stage: Annotated[
        Literal["read", "index", "alert"] | None,
        typer.Argument(help="One stage (read, index, alert) in this process; without it, all."),
    ] = None,
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop with 0 once nothing is left to do.")
    ] = False,
) -> None:
    """Run the stages: pages become articles, articles become searchable and are told.

    Example: beatwire work --drain
    """
    from services.logs import start_logs
    from services.settings import load_settings
    from services.workers.run import drain_all, run_all, run_stage

    start_logs(load_settings())
    if stage is not None:
        run_stage(stage, drain=drain)
    elif not drain:
        raise typer.Exit(run_all())
    else:
        from services.cli.report import render_ends

        done = drain_all()
        typer.echo(render_ends(done.ends, done.left))
        raise typer.Exit(done.code)


def up(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port of the web pages; default: the setting."),
    ] = None,
    pages: Annotated[
        bool, typer.Option("--pages/--no-pages", help="Whether to serve the pages, too.")
    ] = True,
) -> None:
    """Crawl on a schedule, run the stages and serve the pages, until Ctrl-C or SIGTERM.

    With --no-pages a `beatwire serve` of its own serves them, whatever becomes of this one.

    Example: beatwire up
    """
    from services.logs import start_logs
    from services.settings import load_settings
    from services.workers.run import run_everything

    start_logs(load_settings())
    raise typer.Exit(run_everything(port, pages=pages))


def status(as_json: JSON = False) -> None:
    """What is there, what is still to be done, and how everything ended.

    Ends with 1 when the index cannot be read; the rest is told all the same.

    Example: beatwire status --json
    """
    from services.bootstrap import open_bus, open_index, open_store
    from services.cli.report import render_status, take_status
    from services.settings import load_settings

    settings = load_settings()
    with open_bus(settings) as bus, open_store(settings) as store:
        found = take_status(bus, store, lambda: open_index(settings))
    if as_json:
        print_json(found)
    else:
        console().print(render_status(found), markup=False, end="", soft_wrap=True)
    if found.index_refuses:
        raise typer.Exit(1)
