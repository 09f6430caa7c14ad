"""``beatwire keys``: API keys for programs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from services.cli.output import JSON, console, messages, print_json
from services.errors import UserError

if TYPE_CHECKING:
    from services.store.people import ApiKey, Role
    from services.store.port import Store

OWNER = Annotated[
    str,
    typer.Argument(help="Whose key it is: a user, or `local` where nobody has to log in."),
]


class KeyView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A key as commands show it; whole only where it is made."""

    prefix: str
    owner: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    key: str = ""


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="API keys, which programs send as Authorization: Bearer KEY.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_keys)
    group.command("add")(add)
    group.command("revoke")(revoke)
    app.add_typer(group, name="keys")


def list_keys(
    owner: Annotated[str | None, typer.Argument(help="Whose keys; all when left out.")] = None,
    as_json: JSON = False,
) -> None:
    """Show keys by the part that may be shown.

    Example: beatwire keys list ada
    """
    from services.accounts.rules import tidy_name

    with _store() as store:
        found = store.api_keys(None if owner is None else tidy_name(owner))
    keys = [_view(key) for key in found]
    if as_json:
        print_json({"total": len(keys), "keys": keys})
        return
    if not keys:
        console().print("No keys yet. Make one: beatwire keys add OWNER --scope search")
    for key in keys:
        used = f"used {key.used_at:%Y-%m-%d %H:%M UTC}" if key.used_at else "never used"
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else used
        about = (f"bw_{key.prefix}_…", key.owner, " ".join(key.scopes), key.label, state)
        console().print(" · ".join(filter(None, about)), markup=False, soft_wrap=True)


def add(
    owner: OWNER,
    scope: Annotated[
        list[str],
        typer.Option("--scope", help="search, export, saved or metrics; may be given again."),
    ],
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: JSON = False,
) -> None:
    """Make a key. It is printed now and never again.

    Example: beatwire keys add ada --scope search --scope export --label "my notebook"
    """
    from services.accounts.rules import good_label, good_scopes, tidy_name
    from services.accounts.tokens import new_key
    from services.store.people import ApiKey

    with _store() as store:
        name = tidy_name(owner)
        scopes = good_scopes(scope, _role(store, name))
        made = new_key()
        key = ApiKey(
            prefix=made.prefix,
            digest=made.digest,
            owner=name,
            label=good_label(label),
            scopes=scopes,
            created_at=datetime.now(UTC),
        )
        store.add_key(key)
    if as_json:
        print_json(msgspec.structs.replace(_view(key), key=made.text))
        return
    typer.echo(made.text)
    messages().print(f"a key of {name} for {', '.join(scopes)}; it is not shown again")


def revoke(
    prefix: Annotated[str, typer.Argument(help="What stands after bw_ in `beatwire keys list`.")],
    as_json: JSON = False,
) -> None:
    """Make a key worthless, from the next request on.

    Example: beatwire keys revoke 0123456789ab
    """
    short = prefix.removeprefix("bw_").partition("_")[0]
    with _store() as store:
        if not store.revoke_key(short, datetime.now(UTC)):
            raise UserError(f"no key that works is called {short}; `beatwire keys list` shows all")
        key = store.api_key(short)
    if as_json:
        print_json(_view(key) if key else None)
    else:
        console().print(f"revoked {short}", markup=False)


def _role(store: "Store", name: str) -> "Role":
    from services.accounts.rules import LOCAL

    if name == LOCAL:
        return "operator"
    if user := store.user(name):
        return user.role
    raise UserError(f"no user has the name {name}; `beatwire users list` shows all")


def _store() -> "Store":
    from services.bootstrap import open_store
    from services.settings import load_settings

    return open_store(load_settings())


def _view(key: "ApiKey") -> KeyView:
    return KeyView(
        key.prefix, key.owner, key.label, key.scopes, key.created_at, key.used_at, key.revoked_at
    )
