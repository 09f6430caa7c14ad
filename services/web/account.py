"""``/account``: one's own password and keys, and for operators the users."""

from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.accounts.roles import ROLE_WORDS, SCOPES, scopes_for
from services.accounts.rules import (
    MIN_PASSWORD,
    good_label,
    good_name,
    good_password,
    good_role,
    good_scopes,
)
from services.accounts.tokens import NewKey, new_key
from services.errors import UserError
from services.store.people import ApiKey, User
from services.web.login import NEVER_KEPT, Login, Means, too_often
from services.web.moments import Moment, if_known, moment
from services.web.problems import NOT_FOUND, Problem, sentence
from services.web.who import Who


class KeyView(msgspec.Struct, frozen=True):
    """A key as it may be shown."""

    prefix: str
    label: str
    scopes: str
    made: Moment
    used: Moment | None


class Account:
    """The handlers; they run in threads."""

    def __init__(self, means: Means, login: Login) -> None:
        self._show, self._store, self._now = means.show, means.store, means.now
        self._passwords, self._attempts = means.passwords, means.attempts
        self._login = login

    def page(self, request: Request) -> Response:
        """``/account``."""
        return self._page(request)

    def make_key(self, request: Request) -> Response:
        """POST ``label`` and ``scope``s: the answer is the one place where the key is shown."""
        who, form = request.state.who, request.state.form
        try:
            scopes = good_scopes(form.getlist("scope"), who.role)
            label = good_label(form.get("label", ""))
        except UserError as error:
            return self._page(request, 400, error=problem("No key was made", error))
        made = new_key()
        self._store().add_key(
            ApiKey(
                prefix=made.prefix,
                digest=made.digest,
                owner=who.name,
                label=label,
                scopes=scopes,
                created_at=self._now(),
            )
        )
        return self._page(request, made=made)

    def revoke_key(self, request: Request) -> Response:
        """POST: a key of somebody else is as little there as one that never was."""
        prefix, who = request.path_params["prefix"], request.state.who
        if not self._store().revoke_key(prefix, self._now(), who.name):
            return self._missing()
        return back()

    def change_password(self, request: Request) -> Response:
        """POST ``current`` and ``new``: ends all other sessions, and renews this one."""
        who, form = request.state.who, request.state.form
        failed = "The password was not changed"
        if wait := self._attempts.take(who.name, request.state.client):
            answer = self._page(request, 429, error=too_often(wait))
            answer.headers["retry-after"] = str(wait)
            return answer
        store = self._store()
        user = store.user(who.name)
        if not self._passwords.check(form.get("current", ""), user.password if user else None):
            wrong = Problem(failed, "The current password is another one.")
            return self._page(request, 403, error=wrong)
        try:
            new = good_password(form.get("new", ""), who.name)
        except UserError as error:
            return self._page(request, 400, error=problem(failed, error))
        store.set_password(who.name, self._passwords.hash(new))
        answer = back("password")
        self._login.begin_session(request, who.name, answer)
        return answer

    def add_user(self, request: Request) -> Response:
        """POST ``name``, ``password`` and ``role``."""
        form = request.state.form
        try:
            name = good_name(form.get("name", ""))
            password = good_password(form.get("password", ""), name)
            user = User(
                name=name,
                password=self._passwords.hash(password),
                role=good_role(form.get("role", "")),
                created_at=self._now(),
            )
            if not self._store().add_user(user):
                raise UserError(f"the name {name} is taken")
        except UserError as error:
            return self._page(request, 400, error=problem("No user was added", error))
        return back("users")

    def set_role(self, request: Request) -> Response:
        """POST ``role``."""
        return self._change_user(
            request,
            lambda name: self._store().set_role(
                name, good_role(request.state.form.get("role", ""))
            ),
        )

    def set_state(self, request: Request) -> Response:
        """POST ``state``: ``disabled`` or ``enabled``."""
        disabled = request.state.form.get("state") != "enabled"
        return self._change_user(
            request, lambda name: self._store().set_disabled(name, disabled=disabled)
        )

    def _change_user(self, request: Request, change: Callable[[str], bool]) -> Response:
        try:
            return back("users") if change(request.path_params["name"]) else self._missing()
        except UserError as error:
            return self._page(request, 400, error=problem("Nothing was changed", error))

    def _missing(self) -> Response:
        return self._show("error.html", 404, error=NOT_FOUND, fresh=None)

    def _page(
        self,
        request: Request,
        status: int = 200,
        *,
        error: Problem | None = None,
        made: NewKey | None = None,
    ) -> Response:
        who: Who = request.state.who
        assert who.role  # the route is nobody's without one
        answer = self._show(
            "account.html",
            status,
            here="account",
            fresh=None,
            error=error,
            made=made,
            keys=self._keys(who),
            scopes=[(scope, SCOPES[scope]) for scope in scopes_for(who.role)],
            role_words=ROLE_WORDS,
            min_password=MIN_PASSWORD,
            users=self._store().users() if who.role == "operator" else (),
            site=request.state.site,
        )
        answer.headers.update(NEVER_KEPT)
        return answer

    def _keys(self, who: Who) -> list[KeyView]:
        now = self._now()
        return [
            KeyView(
                key.prefix,
                key.label,
                ", ".join(key.scopes),
                moment(key.created_at, now),
                if_known(key.used_at, now),
            )
            for key in self._store().api_keys(who.name)
            if key.revoked_at is None
        ]


def back(part: str = "") -> Response:
    """To the page again, so that loading it anew sends nothing twice."""
    return RedirectResponse(f"/account#{part}" if part else "/account", 303, headers=NEVER_KEPT)


def problem(title: str, error: UserError) -> Problem:
    return Problem(title, sentence(str(error)))
