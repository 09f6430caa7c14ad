"""Log in and out. Both are forms: no address that is only looked at changes anything."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.accounts.passwords import Passwords
from services.accounts.rules import MAX_NAME, MAX_PASSWORD, tidy_name
from services.accounts.sessions import new_session
from services.accounts.tokens import digest, new_token
from services.store import Store
from services.store.people import User
from services.web import cookies
from services.web.csrf import form_token
from services.web.limits import Window
from services.web.problems import Problem
from services.web.refusals import MOST_NEXT
from services.web.who import become

PER_NAME, PER_CLIENT = 5, 20
"""Attempts a minute from one address: for one name, and for any."""
NEVER_KEPT = {"cache-control": "private, no-store"}
WRONG = Problem(
    "Name and password do not fit",
    "No account has this name with this password, or it was disabled.",
    suggestion="Whoever runs this can set another: beatwire users passwd NAME",
)


class Show(Protocol):
    """Renders a template."""

    def __call__(self, template: str, status: int = 200, **values: object) -> Response: ...


class Attempts:
    """How often a password may be tried."""

    def __init__(self, *limits: Window) -> None:
        self._of_name, self._of_client = limits or (Window(PER_NAME), Window(PER_CLIENT))

    def take(self, name: str, client: str) -> int:
        """Seconds to wait; 0: now."""
        return self._of_client.take(client) or self._of_name.take(f"{client} {name}")


class Means(msgspec.Struct, frozen=True):
    """What the handlers about people work with."""

    show: Show
    store: Callable[[], Store]
    now: Callable[[], datetime]
    passwords: Passwords
    attempts: Attempts


class Login:
    """The handlers; they run in threads."""

    def __init__(self, means: Means) -> None:
        self._show, self._store, self._now = means.show, means.store, means.now
        self._passwords, self._attempts = means.passwords, means.attempts

    def form(self, request: Request) -> Response:
        """``/login?next=``: asks for name and password; where nobody has to, there is no form."""
        going = own_address(request.query_params.get("next", ""))
        if request.state.who.how == "local":
            return RedirectResponse(going, 303)
        return self._form(request, going)

    def enter(self, request: Request) -> Response:
        """POST ``/login``: a new session, whatever session there was."""
        form = request.state.form
        going = own_address(form.get("next", ""))
        if request.state.who.how == "local":
            return RedirectResponse(going, 303)
        name = tidy_name(form.get("name", ""))[: MAX_NAME + 1]
        if wait := self._attempts.take(name, request.state.client):
            answer = self._form(request, going, 429, name=name, error=too_often(wait))
            answer.headers["retry-after"] = str(wait)
            return answer
        user = self._proven(name, form.get("password", "")[: MAX_PASSWORD + 1])
        if user is None:
            return self._form(request, going, 403, name=name, error=WRONG)
        answer = RedirectResponse(going, 303, headers=NEVER_KEPT)
        self.begin_session(request, user.name, answer)
        return answer

    def leave(self, request: Request) -> Response:
        """POST ``/logout``: the session ends here and in the store."""
        answer = RedirectResponse("/", 303, headers=NEVER_KEPT)
        if token := cookies.read(request, cookies.SESSION):
            self._store().end_session(digest(token))
            cookies.forget(answer, request, cookies.SESSION)
        return answer

    def begin_session(self, request: Request, name: str, answer: Response) -> None:
        """A session that nobody knew before, in place of the one that the request came with."""
        store = self._store()
        if before := cookies.read(request, cookies.SESSION):
            store.end_session(digest(before))
        token, session = new_session(name, self._now())
        store.add_session(session)
        cookies.write(answer, request, cookies.SESSION, token)
        cookies.forget(answer, request, cookies.VISIT)

    def _proven(self, name: str, password: str) -> User | None:
        """The user of that name and password; for anybody else the same work is done."""
        user = self._store().user(name)
        may = user is not None and not user.disabled
        fits = self._passwords.check(password, user.password if user and may else None)
        return user if fits else None

    def _form(
        self,
        request: Request,
        going: str,
        status: int = 200,
        *,
        name: str = "",
        error: Problem | None = None,
    ) -> Response:
        visit, who = "", request.state.who
        if not who.csrf:
            visit = new_token()
            become(msgspec.structs.replace(who, csrf=form_token(visit)))
        answer = self._show(
            "login.html", status, here="login", fresh=None, next=going, name=name, error=error
        )
        answer.headers.update(NEVER_KEPT)
        if visit:
            cookies.write(answer, request, cookies.VISIT, visit)
        return answer


def too_often(seconds: int) -> Problem:
    return Problem(
        "Too many attempts", f"This name can be tried again in {seconds} s.", suggestion=""
    )


def own_address(text: str) -> str:
    r"""The address when it leads to one of our pages, else the first page.

    Browsers take ``//host`` and ``/\host`` for another host, and leave out tabs and line ends.
    """
    ours = text.startswith("/") and not text.startswith("//") and "\\" not in text
    return text if ours and text.isprintable() and len(text) <= MOST_NEXT else "/"
