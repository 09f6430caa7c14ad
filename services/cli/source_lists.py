"""``beatwire sources import | export | catalogue``: many sources at once."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from services.cli.output import JSON, console, print_json
from services.cli.source_options import KINDS, LANGUAGES, find_sources, open_sources
from services.errors import UserError
from services.words import counted, printable

if TYPE_CHECKING:
    from services.sources.importing import Plan
    from services.sources.read import Read

CATALOGUE = "catalogue"
SHOWN = 20
"""Lines of what was added that people are shown; the problems are shown to the last."""


def register(group: typer.Typer) -> None:
    """Add the commands to the group of sources."""
    group.command("import")(import_list)
    group.command("export")(export_list)
    group.command("catalogue")(show_catalogue)


def import_list(
    file: Annotated[
        str,
        typer.Argument(help="A file; - for standard input; or the word catalogue, for Beatwire's."),
    ],
    *,
    form: Annotated[
        Literal["auto", "opml", "toml", "json", "lines"],
        typer.Option("--format", help="What the file is, when it does not show by itself."),
    ] = "auto",
    kind: KINDS = None,
    language: LANGUAGES = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be added, and add nothing.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Add all sources of a list: OPML, TOML, JSON (lines), or an address a line.

    What is there already stays as it is. A line that cannot be read is told with its reason, and
    the others go on; the exit code is 1 then. Nothing is fetched: the next crawl looks at them.

    Example: beatwire sources import catalogue --kind lab --kind regulator

    Example: beatwire sources import feeds.opml --dry-run
    """
    from services.settings import load_settings
    from services.sources.importing import plan_import

    reads = _catalogue(kind or (), language or ()) if file == CATALOGUE else _file(file, form)
    allowed = load_settings().allow_networks
    with open_sources() as store:
        plan = plan_import(reads, store.sources(), datetime.now(UTC), allowed)
        if file != CATALOGUE and (kind or language):
            plan = _only(plan, kind or (), language or ())
        if not dry_run:
            for source in plan.added:
                store.put_source(source)
    if as_json:
        print_json(_row(plan, dry_run=dry_run))
    else:
        _print(plan, dry_run=dry_run)
    if plan.problems:
        raise typer.Exit(1)


def export_list(
    source_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Sources by id; none: all.")
    ] = None,
    form: Annotated[
        Literal["opml", "json", "toml"],
        typer.Option("--format", help="opml for feed readers, toml to edit, json for programs."),
    ] = "opml",
    out: Annotated[
        Path | None, typer.Option(help="A file; it is replaced when all of it is written.")
    ] = None,
) -> None:
    """Write sources as a list that `import` reads.

    Example: beatwire sources export --out sources.opml
    """
    from services.cli.saving import write_out
    from services.sources.exports import write_list

    with open_sources() as store:
        found = find_sources(store, source_ids) if source_ids else store.sources()
    write_out([write_list(form, found, datetime.now(UTC))], out)
    if out is not None:
        console().print(f"{counted(len(found), 'source')} written to {out}", markup=False)


def show_catalogue(kind: KINDS = None, language: LANGUAGES = None, as_json: JSON = False) -> None:
    """Show the sources that Beatwire knows of, and which of them you have.

    Example: beatwire sources catalogue --kind regulator
    """
    from services.sources.catalogue import catalogue, choose
    from services.sources.rules import Known

    found = choose(catalogue(), kind or (), language or ())
    with open_sources() as store:
        known = Known(store.sources())
    have = [known.at(entry.url) is not None for entry in found]
    if as_json:
        rows = [_entry_row(entry, there) for entry, there in zip(found, have, strict=True)]
        print_json({"total": len(found), "sources": rows})
        return
    last = ""
    for entry, there in zip(found, have, strict=True):
        if entry.kind != last:
            console().print(f"\n{entry.kind}" if last else entry.kind, markup=False)
            last = entry.kind
        mark = "+" if there else " "
        about = f"{mark} {entry.id:<28} {entry.name} ({entry.language}, every {entry.every})"
        console().print(about, markup=False, soft_wrap=True)
    missing = have.count(False)
    told = f"\n{counted(len(found), 'source')}, {sum(have)} of them yours (+)."
    more = " Take one: beatwire sources add ID, all: beatwire sources import catalogue"
    console().print(told + (more if missing else ""), soft_wrap=True)


def _entry_row(entry: Any, there: bool) -> dict[str, Any]:
    import msgspec

    return {**msgspec.to_builtins(entry), "yours": there}


def _catalogue(kinds: Sequence[str], languages: Sequence[str]) -> "list[Read]":
    from services.sources.catalogue import catalogue, choose

    chosen = choose(catalogue(), kinds, languages)
    return [(entry.draft, f"catalogue, {entry.id}") for entry in chosen if entry.verified]


def _file(name: str, form: str) -> "list[Read]":
    """All of a list, however many bytes it claims to have: what is too much is not read."""
    from services.sources.lists import read_list
    from services.sources.read import MOST_BYTES

    if name == "-":
        if sys.stdin is None:
            raise UserError("standard input is closed; give the name of a file")
        data = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        try:
            with Path(name).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UserError(f"{name} cannot be read: {error.strerror}") from None
    reads = read_list(data, Path(name).name, "" if form == "auto" else form)
    if not reads:
        raise UserError(f"there is no source in {name}; an address a line is enough")
    return reads


def _only(plan: "Plan", kinds: Sequence[str], languages: Sequence[str]) -> "Plan":
    import msgspec

    from services.sources.rules import good_kind, good_language

    wanted = {good_kind(kind) for kind in kinds}
    spoken = {good_language(language) for language in languages}
    kept = tuple(
        source
        for source in plan.added
        if (not wanted or source.kind in wanted) and (not spoken or source.language in spoken)
    )
    return msgspec.structs.replace(plan, added=kept)


def _row(plan: "Plan", *, dry_run: bool) -> dict[str, Any]:
    there = [{"url": url, "id": known} for url, known in plan.there]
    return {"dry_run": dry_run, "added": plan.added, "there": there, "problems": plan.problems}


def _print(plan: "Plan", *, dry_run: bool) -> None:
    out = console()
    for source in plan.added[:SHOWN]:
        out.print(f"+ {source.id}: {source.url}", markup=False, soft_wrap=True)
    if len(plan.added) > SHOWN:
        out.print(f"+ and {len(plan.added) - SHOWN:,} more")
    for problem in plan.problems:
        remedy = f" ({problem.remedy})" if problem.remedy else ""
        told = f"! {problem.where}: {problem.reason}{remedy}"
        out.print(printable(told), markup=False, soft_wrap=True)
    said = [f"{counted(len(plan.added), 'source')} {'to add' if dry_run else 'added'}"]
    if plan.there:
        said.append(f"{len(plan.there):,} there already")
    if plan.problems:
        said.append(f"{counted(len(plan.problems), 'line')} left out")
    out.print(", ".join(said))
