"""``beatwire sources``: where coverage comes from."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from services.cli.output import console, print_json
from services.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.store.port import Source, Store

JSON = Annotated[bool, typer.Option("--json", help="One JSON object for machines.")]
ID = Annotated[str, typer.Argument(help="The id that `beatwire sources list` shows.")]
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9.-]+")
_GOOD_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SAY_NOTHING = frozenset({"feed", "rss", "atom", "index", "sitemap", "feeds"})


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
    app.add_typer(group, name="sources")


def list_sources(as_json: JSON = False) -> None:
    """Show all sources, and what came of the last look at each.

    Example: beatwire sources list
    """
    with _store() as store:
        sources = store.sources()
    if as_json:
        print_json({"total": len(sources), "sources": sources})
        return
    if not sources:
        console().print("No sources yet. Add one: beatwire sources add URL")
        return
    for source in sources:
        looked = f"looked at {source.checked_at:%Y-%m-%d %H:%M UTC}" if source.checked_at else ""
        state = "paused" if source.paused else looked or "never looked at"
        about = " · ".join(filter(None, (source.id, source.name, state, source.note)))
        console().print(f"{about}\n  {source.url}", markup=False, soft_wrap=True)


def add(
    url: Annotated[str, typer.Argument(help="Address of a feed, a sitemap or a page.")],
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
    source_id: Annotated[
        str, typer.Option("--id", help="A short id; made from the address when left out.")
    ] = "",
    as_json: JSON = False,
) -> None:
    """Add a source; the next crawl looks at it.

    Example: beatwire sources add https://publisher.example/feed.xml --name "The Publisher"
    """
    from services.store.port import Source

    with _store() as store:
        taken = {source.id: source for source in store.sources()}
        _check(url, taken.values())
        if source_id and not _GOOD_ID.fullmatch(source_id):
            raise UserError(f"{source_id!r} is no id; use up to 64 of a-z, 0-9, dot, dash, _")
        if source_id in taken:
            raise UserError(
                f"the id {source_id} is taken by {taken[source_id].url}; choose another"
            )
        source = Source(
            id=source_id or _new_id(url, taken),
            url=url.strip(),
            name=name,
            added_at=datetime.now(UTC),
        )
        store.put_source(source)
    _tell(source, "added", as_json=as_json)


def remove(source_id: ID, as_json: JSON = False) -> None:
    """Forget a source; what was fetched from it stays.

    Example: beatwire sources remove publisher.example
    """
    with _store() as store:
        source = _find(store, source_id)
        store.remove_source(source.id)
    _tell(source, "removed", as_json=as_json)


def pause(source_id: ID, as_json: JSON = False) -> None:
    """Stop looking at a source until it is resumed.

    Example: beatwire sources pause publisher.example
    """
    _set_paused(source_id, paused=True, as_json=as_json)


def resume(source_id: ID, as_json: JSON = False) -> None:
    """Look at a paused source again.

    Example: beatwire sources resume publisher.example
    """
    _set_paused(source_id, paused=False, as_json=as_json)


def _set_paused(source_id: str, *, paused: bool, as_json: bool) -> None:
    import msgspec

    with _store() as store:
        source = msgspec.structs.replace(_find(store, source_id), paused=paused)
        store.put_source(source)
    _tell(source, "paused" if paused else "resumed", as_json=as_json)


def _store() -> "Store":
    from services.bootstrap import open_store
    from services.settings import load_settings

    return open_store(load_settings())


def _find(store: "Store", source_id: str) -> "Source":
    for source in store.sources():
        if source.id == source_id:
            return source
    raise UserError(f"no source has the id {source_id}; `beatwire sources list` shows all")


def _check(url: str, known: "Iterable[Source]") -> None:
    """Raise UserError for what is no address on the web, or is there already."""
    from processors.ids import canonical_url

    try:
        canonical = canonical_url(url)
    except ValueError as error:
        raise UserError(f"{error}; give the address of a feed, a sitemap or a page") from None
    for source in known:
        if canonical_url(source.url) == canonical:
            raise UserError(f"{url} is there already, as {source.id}")


def _new_id(url: str, taken: "dict[str, Source]") -> str:
    """The host, then the parts of the path that tell feeds of one host apart, then a number."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "source").lower().removeprefix("www.")
    words = [word for word in _NOT_IN_AN_ID.sub("-", parts.path.lower()).split("-") if word]
    telling = [word.partition(".")[0] for word in words]
    tail = "-".join(word for word in telling if word and word not in _SAY_NOTHING)
    host = _NOT_IN_AN_ID.sub("-", host).strip("-.") or "source"
    options = [host[:60], f"{host}-{tail}"[:60].rstrip("-.")]
    options += [f"{options[0]}-{number}" for number in range(2, len(taken) + 3)]
    return next(option for option in options if option not in taken)


def _tell(source: "Source", done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(source)
        return
    from rich.markup import escape

    console().print(f"{done} {escape(source.id)}: {escape(source.url)}")
