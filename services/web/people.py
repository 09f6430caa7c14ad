"""All handlers about people, and the addresses that they answer."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from services.accounts.passwords import Passwords
from services.store import Store
from services.web.account import Account
from services.web.login import Attempts, Login, Means, Show
from services.web.saved import Saved
from services.web.security import METHODS

Route = tuple[str, Callable[..., Any], tuple[str, ...]]
POST = ("POST",)


def people_routes(
    show: Show,
    store: Callable[[], Store],
    now: Callable[[], datetime],
    *,
    passwords: Passwords | None = None,
    attempts: Attempts | None = None,
) -> Iterator[Route]:
    """Path, handler and methods of each; who may use it is said in ``access.RULES``."""
    means = Means(show, store, now, passwords or Passwords(), attempts or Attempts())
    login = Login(means)
    account, saved = Account(means, login), Saved(means)
    yield "/login", login.form, METHODS
    yield "/login", login.enter, POST
    yield "/logout", login.leave, POST
    yield "/account", account.page, METHODS
    yield "/account/password", account.change_password, POST
    yield "/account/keys", account.make_key, POST
    yield "/account/keys/{prefix}/revoke", account.revoke_key, POST
    yield "/account/users", account.add_user, POST
    yield "/account/users/{name}/role", account.set_role, POST
    yield "/account/users/{name}/state", account.set_state, POST
    yield "/saved", saved.page, METHODS
    yield "/saved", saved.save, POST
    yield "/saved/{saved_id}/remove", saved.remove, POST
