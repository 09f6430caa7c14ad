"""``beatwire deliver``: alerts go out."""

from typing import Annotated

import typer

ENDS = {
    "sent": "sent",
    "again": "to be tried again",
    "failed": "not sent",
    "disabled": "not sent, their channels switched off",
}
"""What came of tries, in words."""


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
    from services.logs import start_logs
    from services.settings import load_settings
    from services.workers.delivering import run_deliver

    start_logs(load_settings())
    ends = run_deliver(drain=drain)
    if drain:
        told = ", ".join(f"{ends[name]:,} {words}" for name, words in ENDS.items() if name in ends)
        typer.echo(told or "nothing was due")
