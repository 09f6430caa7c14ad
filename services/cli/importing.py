"""``beatwire import``: pages from WARC files and JSON lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.output import JSON, print_json, progress, say, warn
from services.disk import room
from services.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.importing.run import Imported, Importing, Progress
    from services.settings import Settings

INTERRUPTED = 130
MOST_SAID = 400
"""Characters of one line: a file may have any name, and say anything."""
LEAST_FREE = 1024 * 1024 * 1024
"""Bytes of a disk that history leaves to everything else."""


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("import")(import_files)


def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="WARC or JSON lines, also gzipped.")
    ],
    source: Annotated[
        str, typer.Option(help="What the pages belong to; without it, what they say, or the host.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be imported; change nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Begin each file anew, also one that was imported.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Put saved pages on the way of news, behind what is live; alerts are told of none.

    A file that was stopped goes on where it was. Nothing is fetched.

    Example: beatwire import archive.warc.gz
    """
    from services.bootstrap import open_bus, open_store
    from services.importing.run import Imported, Importing
    from services.settings import load_settings
    from services.tracing import start_tracing

    settings = load_settings()
    start_tracing(settings, "import")
    results: list[Imported] = []
    code = 0
    with (
        open_bus(settings) as bus,
        open_store(settings) as store,
        _shown(files) as tell,
    ):
        work = Importing(
            bus, store, source=source, dry=dry_run, again=again, tell=tell,
            room=lambda: full(settings, "import again"),
        )  # fmt: skip
        for path in files:
            results.append(Imported(file=str(path), outcomes={}, problems=[]))
            if ended := _one(work, path, results[-1]):
                code = max(code, ended)
            if ended > 1:
                break
    _say(results, as_json=as_json, dry=dry_run)
    if code or any(result.problems for result in results):
        raise typer.Exit(code or 1)


def _one(work: "Importing", path: Path, result: "Imported") -> int:
    """Import a file; 0, or the exit code of what ended it, which is told."""
    from services.stages.backlog import Waiting

    try:
        work.run(path, result)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Waiting as error:
        _warn(str(error))
        return error.exit_code
    except UserError as error:
        _warn(str(error))
        return 1
    return 0


def full(settings: "Settings", again: str) -> str:
    """Why the log can take no more, when it is a file of this machine; ``again``: what then."""
    if settings.bus:
        return ""
    if room(settings.home).free >= LEAST_FREE:
        return ""
    return (
        f"the disk of {settings.home} has less than 1 GiB free: make room, then {again}; "
        "it goes on where it stopped"
    )


@contextmanager
def _shown(files: list[Path]) -> "Iterator[Callable[[Progress], None]]":
    with progress("reading") as show:

        def tell(at: "Progress") -> None:
            if at.waiting:
                show(f"{at.waiting:,} pages wait to be read; waiting", None, None)
            else:
                many = f" of {len(files)} files" if len(files) > 1 else ""
                show(f"{at.records:,} records{many}", at.done, at.of)

        yield tell


def _warn(line: str) -> None:
    warn(line[:MOST_SAID])


def _say(results: "list[Imported]", *, as_json: bool, dry: bool) -> None:
    from services.importing.run import summed

    outcomes = summed(results)
    if as_json:
        records = sum(result.records for result in results)
        print_json({"records": records, "outcomes": outcomes, "dry_run": dry, "files": results})
        return
    for result in results:
        for problem in result.problems:
            _warn(f"{result.file}: record {problem.record}: {problem.outcome}: {problem.reason}")
        if result.format:
            bad = sum(result.outcomes.get(each, 0) for each in _bad())
            if bad > len(result.problems):
                _warn(f"{result.file}: and {bad - len(result.problems):,} more bad records")
            words = "would be imported" if dry else "imported"
            number = result.outcomes.get("imported", 0)
            name = result.file[:MOST_SAID]
            say(f"{name}: {number:,} of {result.records:,} records {words}")
    for outcome, count in sorted(outcomes.items(), key=lambda item: (-item[1], item[0])):
        say(f"  {count:>6,}  {outcome}")


def _bad() -> frozenset[str]:
    from services.importing.records import BAD

    return BAD
