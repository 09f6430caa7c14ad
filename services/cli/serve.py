"""``beatwire serve``: the pages, from the index in the home folder."""

from typing import Annotated

import typer

from services.loopback import ADDRESS
from services.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes any free one."),
    ] = None,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; 0.0.0.0 in a container, for its published port."),
    ] = ADDRESS,
) -> None:
    """Serve the search pages on this machine.

    Wherever it listens, it answers only those who ask for 127.0.0.1, localhost or [::1].

    Example: beatwire serve --port 8400
    """
    from services.web.server import serve as run

    run(load_settings(), port, host)
