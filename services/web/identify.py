"""Who a request comes from: by its API key, by its session, or because no login is asked for."""

import base64
import binascii
from collections.abc import Callable
from datetime import datetime, timedelta

from starlette.requests import Request

from services.accounts import sessions
from services.accounts.roles import SCOPES
from services.accounts.rules import LOCAL
from services.accounts.tokens import digest, new_token, read_key, same
from services.store import Store
from services.store.people import ApiKey, Role
from services.web import cookies
from services.web.csrf import SAFE, form_token
from services.web.entrance import Entrance
from services.web.who import NOBODY, Who, local

USE_STEP = timedelta(minutes=1)
"""The last use of a key is noted no more often."""


class WrongKeyError(Exception):
    """An API key was shown that does not work."""


class Identify:
    """Looks requests up in the store; calls may block, and raise TryLater."""

    def __init__(
        self, entrance: Entrance, store: Callable[[], Store], now: Callable[[], datetime]
    ) -> None:
        self._entrance, self._store, self._now = entrance, store, now
        # Pages that were open before a restart have to be loaded again before they can send.
        self._local = local(csrf=new_token())

    def __call__(self, request: Request) -> Who:
        """Raises WrongKeyError; a session that has ended is nobody's."""
        if key := shown_key(request):
            return self._by_key(key)
        if not self._entrance.login:
            return self._local
        return self._by_session(request) or _visitor(request)

    def _by_key(self, text: str) -> Who:
        given = read_key(text)
        kept = self._store().api_key(given.prefix) if given else None
        # Without a key of that prefix the same is compared, with what nothing is equal to.
        fits = same(given.digest if given else "", kept.digest if kept else "-")
        role = self._role(kept) if kept and fits and kept.revoked_at is None else None
        if kept is None or role is None:
            raise WrongKeyError
        now = self._now()
        if kept.used_at is None or now - kept.used_at >= USE_STEP:
            self._store().note_key_use(kept.prefix, now)
        scopes = frozenset(scope for scope in SCOPES if scope in kept.scopes)
        return Who(name=kept.owner, role=role, how="key", scopes=scopes, key=kept.prefix)

    def _role(self, key: ApiKey) -> Role | None:
        """What its owner may do now; a key of the local user works where no login is asked for."""
        if key.owner == LOCAL:
            return None if self._entrance.login else "operator"
        user = self._store().user(key.owner)
        return None if user is None or user.disabled else user.role

    def _by_session(self, request: Request) -> Who | None:
        token = cookies.read(request, cookies.SESSION)
        found = self._store().session(digest(token)) if token else None
        if found is None:
            return None
        session, user = found
        now = self._now()
        if sessions.is_over(session, now) or user.disabled:
            return None
        if end := sessions.later_end(session, now):
            self._store().move_session(session.digest, end)
        return Who(
            name=user.name,
            role=user.role,
            how="session",
            csrf=form_token(token),
            session=session.digest,
        )


def needs_store(entrance: Entrance, request: Request) -> bool:
    """Whether finding out means to ask the store, which may take a while."""
    by_session = entrance.login and bool(cookies.read(request, cookies.SESSION))
    return by_session or bool(shown_key(request))


def shown_key(request: Request) -> str:
    """The key in the header Authorization; empty when there is none.

    Readers of feeds know only user and password: what only reads takes the key as a password too.
    """
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or "-"
    if scheme.lower() == "basic" and request.method in SAFE:
        return _password(value.strip()) or "-"
    return ""


def _password(basic: str) -> str:
    try:
        return base64.b64decode(basic, validate=True).decode("utf-8", "replace").partition(":")[2]
    except binascii.Error:
        return ""


def _visitor(request: Request) -> Who:
    visit = cookies.read(request, cookies.VISIT)
    return Who(csrf=form_token(visit)) if visit else NOBODY
