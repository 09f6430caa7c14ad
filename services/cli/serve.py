"""``beatwire serve``: the pages, from the index in the home folder."""

from typing import Annotated

import typer

from services.settings import load_settings


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes any free one."),
    ] = None,
) -> None:
    """Serve the search pages on this machine.

    Example: beatwire serve --port 8400
    """
    from services.web.server import serve as run

    run(load_settings(), port)
