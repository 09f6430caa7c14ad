"""All handlers about people, and the addresses that they answer."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.accounts.passwords import Passwords
from services.errors import TryLater
from services.store import Store
from services.web import refusals
from services.web.account import Account
from services.web.login import NEVER_KEPT, Attempts, Login, Means, Show
from services.web.saved import Saved
from services.web.security import METHODS

log = logging.getLogger(__name__)

Handler = Callable[[Request], Response]
Route = tuple[str, Handler, tuple[str, ...]]
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
    found: tuple[Route, ...] = (
        ("/login", login.form, METHODS),
        ("/login", login.enter, POST),
        ("/logout", login.leave, POST),
        ("/account", account.page, METHODS),
        ("/account/password", account.change_password, POST),
        ("/account/keys", account.make_key, POST),
        ("/account/keys/{prefix}/revoke", account.revoke_key, POST),
        ("/account/users", account.add_user, POST),
        ("/account/users/{name}/role", account.set_role, POST),
        ("/account/users/{name}/state", account.set_state, POST),
        ("/saved", saved.page, METHODS),
        ("/saved", saved.save, POST),
        ("/saved/{saved_id}/remove", saved.remove, POST),
    )
    for path, handler, methods in found:
        yield path, told_when_away(handler, show), methods


def told_when_away(handler: Handler, show: Show) -> Handler:
    """The handler, with words of its own for a store that is away."""

    def told(request: Request) -> Response:
        try:
            return handler(request)
        except TryLater as error:
            log.warning("the store is away: %s", error)
            away = refusals.STORE_AWAY
            answer = show("error.html", away.status, error=away.problem, fresh=None)
            answer.headers.update({**NEVER_KEPT, **away.headers})
            return answer

    return told
