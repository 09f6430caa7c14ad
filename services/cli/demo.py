"""``beatwire demo``: the sample newsroom, crawled by the real pipeline and served."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from services.demo.server import Newsroom
    from services.settings import Settings

JSON = Annotated[bool, typer.Option("--json", help="What was found as one JSON object.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(demo)


def demo(
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port of the web pages; default: the setting, or a free one."
        ),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards, until Ctrl-C.")
    ] = True,
    as_json: JSON = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget earlier demos first.")] = False,
) -> None:
    """Crawl a small newsroom of ours on this machine, show what it says, and serve it.

    Everything stays in a folder of its own, beside what else you crawl.

    Example: beatwire demo
    """
    from services.cli.output import messages
    from services.demo.home import clear, free_port, held, open_newsroom, read_note
    from services.demo.journey import demo_settings, ended_by_signals
    from services.demo.stories import content_version

    settings = demo_settings()
    pages = free_port(settings.port if port is None else port, must=port is not None)
    content = content_version()
    with ended_by_signals(), held(settings.home):
        note = None if fresh else read_note(settings.home)
        newsroom, goes_on = open_newsroom(note, content)
        with newsroom:
            if not goes_on:
                clear(settings.home)
            _crawl(settings, newsroom, content)
            _show(settings, newsroom.port if serve else None, as_json=as_json)
            if serve:
                from services.web.server import serve as run

                run(settings, pages)
                messages().print("beatwire: stopped")


def _crawl(settings: "Settings", newsroom: "Newsroom", content: str) -> None:
    """Crawl what is not crawled yet, and show how far it is."""
    from services.cli.output import messages
    from services.demo.home import Note, read_note, write_note
    from services.demo.journey import travel
    from services.demo.view import showing

    note = read_note(settings.home)
    if note is None:
        note = Note(content=content, port=newsroom.port)
        write_note(settings.home, note)
    if not note.done:
        with showing(messages(), newsroom) as tell:
            travel(settings, newsroom, note, tell)


def _show(settings: "Settings", newsroom_port: int | None, *, as_json: bool) -> None:
    from services.bootstrap import open_index, open_store
    from services.cli.output import console, print_json
    from services.demo.findings import take_findings

    with open_index(settings) as index, open_store(settings) as store:
        found = take_findings(index, store)
    if as_json:
        print_json(found)
    else:
        from services.demo.view import render

        console().print(render(found, settings.home, newsroom_port), markup=False, soft_wrap=True)
