"""``beatwire deliver``: alerts go out."""

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    app.command()(deliver)


def deliver(
    drain: Annotated[
        bool, typer.Option("--drain", help="Stop with 0 once nothing is due and no more can come.")
    ] = False,
) -> None:
    """Send alerts to webhooks and e-mail addresses, until Ctrl-C or SIGTERM.

    `beatwire work` and `beatwire up` start one. Several may run at once, on any machine.

    Example: beatwire deliver --drain
    """
    from services.cli.output import log_warnings
    from services.workers.delivering import run_deliver

    log_warnings()
    run_deliver(drain=drain)
