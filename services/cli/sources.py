"""``beatwire sources``: where coverage comes from."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli import source_check, source_lists
from services.cli.output import JSON, console, print_json
from services.cli.source_options import IDS, KINDS, find_sources, open_sources
from services.errors import UserError

if TYPE_CHECKING:
    from services.sources.rules import Draft
    from services.store.port import Source


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="Feeds, sitemaps and pages that are looked at on a schedule.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_sources)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("pause")(pause)
    group.command("resume")(resume)
    source_check.register(group)
    source_lists.register(group)
    app.add_typer(group, name="sources")


def list_sources(
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="Only those: fine, late, silent, gone, paused or new; may be repeated.",
        ),
    ] = None,
    kind: KINDS = None,
    as_json: JSON = False,
) -> None:
    """Show all sources with their state, and what came of the last look at each.

    late: looks fail, or nobody looks; silent: nothing new for three times its usual interval.

    Example: beatwire sources list --state late --state silent
    """
    from services.answers.source_shapes import source_row
    from services.cli.source_findings import print_sources
    from services.sources.overview import chosen, overviews

    now = datetime.now(UTC)
    with open_sources() as store:
        every = overviews(store, now)
    found = chosen(every, state or (), kind or ())
    if as_json:
        print_json({"total": len(found), "sources": [source_row(each) for each in found]})
    elif not every:
        console().print(
            "No sources yet. Take those of the catalogue: beatwire sources import catalogue\n"
            "or add one of your own: beatwire sources add URL"
        )
    else:
        print_sources(found, every, now)


def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL|ID",
            help="Address of a feed, a sitemap or a page; or an id of the catalogue.",
        ),
    ],
    *,
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
    source_id: Annotated[
        str, typer.Option("--id", help="A short id; made from the address when left out.")
    ] = "",
    kind: Annotated[
        str,
        typer.Option(help="lab, vendor, newsroom, trade, wire, regulator, research or community."),
    ] = "",
    language: Annotated[str, typer.Option(help="Two letters, as en.")] = "",
    every: Annotated[
        str, typer.Option(help="About how long between two articles, as 90m, 6h or 3d.")
    ] = "",
    priority: Annotated[
        int | None, typer.Option(help="Those of a higher one are looked at first: -9 to 9.")
    ] = None,
    home: Annotated[str, typer.Option(help="The publisher's own page.")] = "",
    as_json: JSON = False,
) -> None:
    """Add a source; the next crawl looks at it.

    What you say goes before what the catalogue says.

    Example: beatwire sources add https://publisher.example/feed.xml --name "The Publisher"

    Example: beatwire sources add openai --priority 9
    """
    import msgspec

    from services.sources.rules import Known, new_source

    given = {
        "name": name,
        "id": source_id,
        "kind": kind,
        "language": language,
        "every": every,
        "priority": priority,
        "home": home,
    }
    said = {key: value for key, value in given.items() if value not in ("", None)}
    draft = msgspec.structs.replace(_draft(url), **said)
    with open_sources() as store:
        source = new_source(draft, Known(store.sources()), datetime.now(UTC))
        store.put_source(source)
    _tell([source], "added", as_json=as_json)


def remove(source_ids: IDS, as_json: JSON = False) -> None:
    """Forget sources; what was fetched from them stays.

    Example: beatwire sources remove publisher.example
    """
    with open_sources() as store:
        found = find_sources(store, source_ids)
        for source in found:
            store.remove_source(source.id)
    _tell(found, "removed", as_json=as_json)


def pause(source_ids: IDS, as_json: JSON = False) -> None:
    """Stop looking at sources until they are resumed.

    Example: beatwire sources pause publisher.example
    """
    _set_paused(source_ids, paused=True, as_json=as_json)


def resume(source_ids: IDS, as_json: JSON = False) -> None:
    """Look at paused sources again.

    Example: beatwire sources resume publisher.example
    """
    _set_paused(source_ids, paused=False, as_json=as_json)


def _set_paused(source_ids: list[str], *, paused: bool, as_json: bool) -> None:
    import msgspec

    with open_sources() as store:
        found = [
            msgspec.structs.replace(source, paused=paused)
            for source in find_sources(store, source_ids)
        ]
        for source in found:
            store.put_source(source)
    _tell(found, "paused" if paused else "resumed", as_json=as_json)


def _draft(url: str) -> "Draft":
    """Of an address, or of an id of the catalogue. Raises UserError for what is neither."""
    from services.sources.catalogue import catalogue
    from services.sources.rules import Draft

    if "://" in url:
        return Draft(url=url)
    entries = {entry.id: entry for entry in catalogue()}
    if entry := entries.get(url.strip()):
        return entry.draft
    raise UserError(
        f"{url[:80]} is neither an address (https://...) nor an id of the catalogue; "
        "`beatwire sources catalogue` shows them"
    )


def _tell(sources: "list[Source]", done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(sources[0] if len(sources) == 1 else {"total": len(sources), "sources": sources})
        return
    for source in sources:
        console().print(f"{done} {source.id}: {source.url}", markup=False, soft_wrap=True)
