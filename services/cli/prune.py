"""``beatwire prune``: what is older than the settings keep it goes."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from services.cli.output import JSON, messages, print_json, say
from services.words import counted


def register(app: typer.Typer) -> None:
    """Add the command of this group."""
    app.command()(prune)


def prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show how much it would be.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Drop what is older than the settings BEATWIRE_KEEP_… say; `up` does so once a day.

    Pages, articles and alerts are kept for ever unless you say otherwise. What a stage has not
    done yet stays, whatever its age. It may be stopped at any moment and run again.

    Example: beatwire prune --dry-run
    """
    from services.bootstrap import open_bus, open_store
    from services.keeping import pruning
    from services.settings import load_settings

    settings = load_settings()
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        messages().status("looking for what is too old") as line,
    ):
        done = pruning.prune(
            bus,
            store,
            pruning.kept_days(settings),
            datetime.now(UTC),
            dry=dry_run,
            tell=lambda kind, gone: line.update(f"{kind}: {gone:,} dropped"),
        )
    if as_json:
        print_json({"dry_run": dry_run, "kinds": done})
        return
    verb = "would be dropped" if dry_run else "dropped"
    for each in done:
        if not each.days:
            said = "kept for ever"
        else:
            rows, events = counted(each.rows, "row"), counted(each.events, "event")
            said = f"{rows} and {events} {verb}, older than {counted(each.days, 'day')}"
        say(f"{each.kind:<9} {said}")
