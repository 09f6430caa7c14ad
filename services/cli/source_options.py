"""What the commands about sources share."""

from typing import TYPE_CHECKING, Annotated

import typer

from services.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.store.port import Source, Store

IDS = Annotated[list[str], typer.Argument(help="The ids that `beatwire sources list` shows.")]
KINDS = Annotated[
    list[str] | None, typer.Option("--kind", help="Only of this kind; may be repeated.")
]
LANGUAGES = Annotated[
    list[str] | None, typer.Option("--language", help="Only in this language; may be repeated.")
]


def open_sources() -> "Store":
    """The store of the settings."""
    from services.bootstrap import open_store
    from services.settings import load_settings

    return open_store(load_settings())


def find_sources(store: "Store", ids: "Iterable[str]") -> "list[Source]":
    """Each once, in the order in which they are named. Raises UserError when one is not there."""
    known = {source.id: source for source in store.sources()}
    wanted = list(dict.fromkeys(ids))
    missing = [name for name in wanted if name not in known]
    if missing:
        near = _nearest(missing[0], known)
        raise UserError(
            f"no source has the id {missing[0]}{near}; `beatwire sources list` shows all"
        )
    return [known[name] for name in wanted]


def _nearest(name: str, known: "Iterable[str]") -> str:
    import difflib

    found = difflib.get_close_matches(name, list(known), 1)
    return f" (do you mean {found[0]}?)" if found else ""
