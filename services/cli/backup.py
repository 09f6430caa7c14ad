"""``beatwire backup`` and ``beatwire restore``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.output import JSON, print_json, progress, say
from services.words import counted

if TYPE_CHECKING:
    from services.keeping.manifest import Manifest


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(backup)
    app.command()(restore)


def backup(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or is empty.")
    ],
    as_json: JSON = False,
) -> None:
    """Write the store and the log into a folder, while everything runs.

    It holds all that Beatwire knows but the settings, secrets too: keep it where nobody else
    reads. The index is left out; a restore builds it from the log.

    Example: beatwire backup /var/backups/beatwire/monday
    """
    from services.keeping.backup import back_up
    from services.settings import load_settings

    with progress("") as tell:
        made = back_up(load_settings(), folder, tell)
    if as_json:
        print_json({"folder": str(folder.absolute()), "backup": made})
        return
    say(f"{folder} holds {_contents(made)}")
    say(f"It comes back with: beatwire restore {folder}")


def restore(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="As `beatwire backup` wrote it.")],
    check: Annotated[
        bool, typer.Option("--check", help="Look whether the backup is whole, change nothing.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Bring a backup into an installation with nothing in it, and build the index from its log.

    The settings say where: files in an empty BEATWIRE_HOME, or servers with nothing of Beatwire
    on them. Stop what runs there first.

    Example: BEATWIRE_HOME=/srv/beatwire beatwire restore /var/backups/beatwire/monday
    """
    from services.keeping import restore as keeping
    from services.settings import load_settings

    if check:
        with progress("") as tell:
            made = keeping.check(folder, tell)
        if as_json:
            print_json({"folder": str(folder.absolute()), "backup": made})
        else:
            say(f"{folder} is whole: {_contents(made)}")
        return
    with progress("") as tell:
        done = keeping.restore(load_settings(), folder, tell)
    if as_json:
        print_json(done)
        return
    say(
        f"Restored as of {done.made_at}: {counted(done.rows, 'row')} of the store, "
        f"{counted(done.events, 'event')} of the log"
    )
    before = done.articles_before
    than = "" if before in (None, done.articles) else f" (there were {before:,})"
    say(f"The index was built from the log: {counted(done.articles, 'article')}{than}")
    if left := {stage: number for stage, number in done.to_do.items() if number}:
        todo = ", ".join(f"{stage} {number:,}" for stage, number in left.items())
        say(f"Still to do, by beatwire up or beatwire work: {todo}")


def _contents(made: "Manifest") -> str:
    size = sum(each.bytes for each in made.files.values())
    return (
        f"{counted(sum(made.rows.values()), 'row')} of the store and "
        f"{counted(sum(made.events.values()), 'event')} of the log, {size / 1e6:,.1f} MB, "
        f"as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, by Beatwire {made.beatwire}"
    )
