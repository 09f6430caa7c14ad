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
        typer.Option(help="Address to listen on; any but this machine's own asks for a login."),
    ] = ADDRESS,
    take_over: Annotated[
        bool,
        typer.Option(
            "--take-over", help="Take the port from the process that serves it now, which ends."
        ),
    ] = False,
    hand_over: Annotated[
        bool, typer.Option("--hand-over/--no-hand-over", help="Whether a later one may do so.")
    ] = True,
) -> None:
    """Serve the search pages.

    On this machine nobody has to log in. Where more than this machine can ask, everybody must: it
    starts once `beatwire users add NAME --role operator` has made an account, and answers to the
    name that BEATWIRE_ADDRESS says, such as https://news.example, besides this machine's own.

    With --take-over a new process replaces a running one and nobody is refused meanwhile; where
    none runs it starts as usual.

    Example: beatwire serve --port 8400
    """
    from services.logs import start_logs
    from services.web.server import serve as run

    settings = load_settings()
    start_logs(settings)
    run(settings, port, host, take_over=take_over, hand_over=hand_over)
