"""The part of the port ``Store`` about people: who may log in, their keys, what they keep.

Nothing here can be used to log in: passwords are kept as argon2id hashes, tokens and keys as
SHA-256 of random bytes.
"""

from datetime import datetime
from typing import Literal, Protocol

import msgspec

from services.errors import UserError

Role = Literal["reader", "analyst", "operator"]


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """A record that shows nothing of itself in a log or a traceback."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class User(Silent, frozen=True, kw_only=True):
    """Somebody who may log in."""

    name: str
    password: str
    """The argon2id hash, with its parameters and salt."""
    role: Role
    created_at: datetime
    disabled: bool = False


class Session(Silent, frozen=True, kw_only=True):
    """One login in one browser."""

    digest: str
    """SHA-256 of the cookie's token, in hexadecimal."""
    user: str
    created_at: datetime
    expires_at: datetime


class ApiKey(Silent, frozen=True, kw_only=True):
    """A key that a program uses in its owner's name."""

    prefix: str
    """The part that may be shown, by which it is found."""
    digest: str
    """SHA-256 of the secret part, in hexadecimal."""
    owner: str
    label: str = ""
    scopes: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None


class SavedSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A search that somebody wants to find again."""

    id: str
    owner: str
    name: str
    address: str
    """The page and its query string, such as ``/claims?q=entity:nvidia``."""
    created_at: datetime


class LastOperatorError(UserError):
    """Without this user nobody could manage the others."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is the last operator; make another one first: "
            "beatwire users add NAME --role operator"
        )


class People(Protocol):
    """Accounts and what belongs to them. Each method is one transaction."""

    def add_user(self, user: User) -> bool:
        """False, and nothing changed, when the name is taken."""

    def user(self, name: str) -> User | None: ...

    def users(self) -> list[User]:
        """All users by name."""

    def set_password(self, name: str, password: str, *, keep: str = "") -> bool:
        """Another hash; ends the user's sessions but that with the digest ``keep``.

        False when there is no such user.
        """

    def set_role(self, name: str, role: Role) -> bool:
        """False when there is no such user. Raises LastOperatorError."""

    def set_disabled(self, name: str, *, disabled: bool) -> bool:
        """Who is disabled has no session left, and nothing is sent to their channels until they
        are enabled again. False: no such user. Raises LastOperatorError.
        """

    def remove_user(self, name: str) -> bool:
        """With sessions, keys and saved searches, so that none is left to a later namesake.

        False when there is no such user. Raises LastOperatorError.
        """

    def add_session(self, session: Session) -> None:
        """Also forgets all sessions that had expired when this one was made."""

    def session(self, digest: str) -> tuple[Session, User] | None:
        """A session, expired or not, with its user as of now."""

    def move_session(self, digest: str, expires_at: datetime) -> None:
        """Nothing happens when the session has ended meanwhile."""

    def end_session(self, digest: str) -> bool:
        """False when there is no such session."""

    def add_key(self, key: ApiKey) -> bool:
        """False, and nothing changed, when the prefix is taken."""

    def api_key(self, prefix: str) -> ApiKey | None:
        """The key with this prefix, revoked or not."""

    def api_keys(self, owner: str | None = None) -> list[ApiKey]:
        """The keys of one owner, or of all, oldest first."""

    def note_key_use(self, prefix: str, at: datetime) -> None:
        """When it was used last; never moves back."""

    def revoke_key(self, prefix: str, at: datetime, owner: str | None = None) -> bool:
        """False when there is no such key, of this owner if one is given, that still works."""

    def save_search(self, saved: SavedSearch) -> bool:
        """False, and nothing changed, when the owner has one of this name or the id is taken."""

    def saved_searches(self, owner: str) -> list[SavedSearch]:
        """Those of one owner, by name."""

    def saved_search(self, owner: str, saved_id: str) -> SavedSearch | None:
        """None also when it is somebody else's."""

    def remove_saved_search(self, owner: str, saved_id: str) -> bool:
        """False when the owner has no such search."""
