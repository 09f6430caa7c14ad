"""``beatwire users``: who may log in."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from services.cli.output import JSON, console, print_json
from services.errors import UserError

if TYPE_CHECKING:
    from services.store.people import User
    from services.store.port import Store

NAME = Annotated[str, typer.Argument(help="The name to log in with.")]
ROLE = Annotated[
    str,
    typer.Option(
        "--role",
        help="reader: search and export; analyst: alerts too; operator: users and metrics too.",
    ),
]
STDIN = Annotated[
    bool,
    typer.Option("--password-stdin", help="Take the first line of standard input as password."),
]


class UserView(msgspec.Struct, frozen=True):
    """A user as commands show it: without the hash of the password."""

    name: str
    role: str
    disabled: bool
    created_at: datetime


def register(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(
        help="Who may log in to the pages, and what they may do.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list")(list_users)
    group.command("add")(add)
    group.command("remove")(remove)
    group.command("passwd")(passwd)
    group.command("role")(role)
    group.command("disable")(disable)
    group.command("enable")(enable)
    app.add_typer(group, name="users")


def list_users(as_json: JSON = False) -> None:
    """Show all users with their roles.

    Example: beatwire users list
    """
    with _store() as store:
        users = [_view(user) for user in store.users()]
    if as_json:
        print_json({"total": len(users), "users": users})
        return
    if not users:
        console().print("No users yet. Add one: beatwire users add NAME --role operator")
    for user in users:
        state = " · disabled" if user.disabled else ""
        line = f"{user.name} · {user.role}{state} · since {user.created_at:%Y-%m-%d}"
        console().print(line, markup=False, soft_wrap=True)


def add(
    name: NAME,
    role: ROLE = "reader",
    password_stdin: STDIN = False,
    as_json: JSON = False,
) -> None:
    """Add a user; the password is asked for.

    Example: beatwire users add ada --role operator
    """
    from services.accounts.passwords import Passwords
    from services.accounts.rules import good_name, good_password, good_role
    from services.cli.secret_input import read_password
    from services.store.people import User

    name, chosen = good_name(name), good_role(role)
    with _store() as store:
        if store.user(name):
            raise UserError(f"the name {name} is taken; `beatwire users list` shows all")
        password = good_password(read_password(from_stdin=password_stdin), name)
        user = User(
            name=name,
            password=Passwords().hash(password),
            role=chosen,
            created_at=datetime.now(UTC),
        )
        if not store.add_user(user):
            raise UserError(f"the name {name} is taken; `beatwire users list` shows all")
    _tell(_view(user), "added", as_json=as_json)


def remove(name: NAME, as_json: JSON = False) -> None:
    """Remove a user with logins, API keys and saved searches.

    Example: beatwire users remove ada
    """
    with _store() as store:
        user = _find(store, name)
        store.remove_user(user.name)
    _tell(_view(user), "removed", as_json=as_json)


def passwd(name: NAME, password_stdin: STDIN = False, as_json: JSON = False) -> None:
    """Set another password, which ends all of the user's logins.

    Example: beatwire users passwd ada
    """
    from services.accounts.passwords import Passwords
    from services.accounts.rules import good_password
    from services.cli.secret_input import read_password

    with _store() as store:
        user = _find(store, name)
        password = good_password(read_password(from_stdin=password_stdin), user.name)
        store.set_password(user.name, Passwords().hash(password))
    _tell(_view(user), "set another password for", as_json=as_json)


def role(
    name: NAME,
    role: Annotated[str, typer.Argument(help="reader, analyst or operator.")],
    as_json: JSON = False,
) -> None:
    """Give a user another role, which holds from the next request on.

    Example: beatwire users role ada analyst
    """
    from services.accounts.rules import good_role

    chosen = good_role(role)
    with _store() as store:
        user = _find(store, name)
        store.set_role(user.name, chosen)
        user = _find(store, name)
    _tell(_view(user), f"made {chosen}:", as_json=as_json)


def disable(name: NAME, as_json: JSON = False) -> None:
    """End a user's logins and keep them from logging in; what is theirs stays, and nothing is sent.

    Example: beatwire users disable ada
    """
    _set_disabled(name, disabled=True, as_json=as_json)


def enable(name: NAME, as_json: JSON = False) -> None:
    """Let a disabled user log in again.

    Example: beatwire users enable ada
    """
    _set_disabled(name, disabled=False, as_json=as_json)


def _set_disabled(name: str, *, disabled: bool, as_json: bool) -> None:
    with _store() as store:
        store.set_disabled(_find(store, name).name, disabled=disabled)
        user = _find(store, name)
    _tell(_view(user), "disabled" if disabled else "enabled", as_json=as_json)


def _store() -> "Store":
    from services.bootstrap import open_store
    from services.settings import load_settings

    return open_store(load_settings())


def _find(store: "Store", name: str) -> "User":
    from services.accounts.rules import tidy_name

    if user := store.user(tidy_name(name)):
        return user
    raise UserError(f"no user has the name {tidy_name(name)}; `beatwire users list` shows all")


def _view(user: "User") -> UserView:
    return UserView(user.name, user.role, user.disabled, user.created_at)


def _tell(user: UserView, done: str, *, as_json: bool) -> None:
    if as_json:
        print_json(user)
    else:
        console().print(f"{done} {user.name} ({user.role})", markup=False, soft_wrap=True)
