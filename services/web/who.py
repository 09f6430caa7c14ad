"""Who asks: found once for each request, read by handlers and templates.

A handler reads ``request.state.who``; a template ``who()``. Both are the same.
"""

from contextvars import ContextVar
from typing import Literal

from services.accounts.roles import ROLE_MAY, Scope
from services.accounts.rules import LOCAL
from services.store.people import Role, Silent


class Who(Silent, frozen=True, kw_only=True):
    """Somebody, and by what they are known."""

    name: str = ""
    """Owns what this request makes; empty for nobody."""
    role: Role | None = None
    how: Literal["nobody", "local", "session", "key"] = "nobody"
    scopes: frozenset[Scope] = frozenset()
    """What an API key is for; empty for people."""
    csrf: str = ""
    """What a form must carry. Empty: this request may show no form."""
    session: str = ""
    """Digest of the session's token."""
    key: str = ""
    """Prefix of the API key."""

    @property
    def client(self) -> str:
        """Whom requests are counted for; empty for nobody, who is counted by address."""
        return f"key:{self.key}" if self.key else f"user:{self.name}" if self.name else ""


NOBODY = Who()
_current: ContextVar[Who] = ContextVar("who", default=NOBODY)


def local(csrf: str = "") -> Who:
    """Whoever reaches pages that ask for no login."""
    return Who(name=LOCAL, role="operator", how="local", csrf=csrf)


def current() -> Who:
    """Who asks now; nobody outside of a request."""
    return _current.get()


def become(who: Who) -> None:
    """Say who asks from here on, in this request alone."""
    _current.set(who)


def may_subscribe(who: Who) -> bool:
    """Whether somebody may have topics and channels."""
    return who.role is not None and "subscribe" in ROLE_MAY[who.role]
