"""Running Beatwire: ``work``, ``up``, ``status`` and ``rebuild``."""

from typing import Annotated, Literal

import typer

JSON = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(work)
    app.command()(up)
    app.command()(status)
    app.command()(rebuild)


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
    from services.cli.output import log_warnings
    from services.workers.run import drain_all, run_all, run_stage

    log_warnings()
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
) -> None:
    """Crawl on a schedule, run the stages and serve the pages, until Ctrl-C or SIGTERM.

    Example: beatwire up
    """
    from services.cli.output import log_warnings
    from services.workers.run import run_everything

    log_warnings()
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


def rebuild(as_json: JSON = False) -> None:
    """Make the index again from all articles in the log, when it is damaged or outdated.

    It takes the old one's place at the end; until then searches see the old one. With an index in
    the home folder, `work` and `up` must not run meanwhile; with one on a server, they may.

    Example: beatwire rebuild
    """
    from services.bootstrap import fresh_index, open_bus, open_index, open_store
    from services.cli.output import messages, print_json
    from services.cli.report import render_ends
    from services.settings import load_settings
    from services.stages.rebuild import Rebuild

    settings = load_settings()
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        messages().status("rebuilding the index") as line,
    ):

        def tell(done: int, of: int) -> None:
            line.update(f"{done:,} of {of:,} articles read")

        work = Rebuild(bus, store, tell)
        with fresh_index(settings) as index:
            work.fill(index)
        on_a_server = bool(settings.index)
        with open_index(settings, write=on_a_server) as index:
            if on_a_server:
                # What the stage `index` put into the old one while the new one took its place.
                work.catch_up(index)
            stats = index.stats()
    if as_json:
        print_json({"index": stats, "outcomes": dict(work.outcomes)})
    else:
        typer.echo(render_ends({"rebuild": dict(work.outcomes)}))
