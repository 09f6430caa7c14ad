"""The part of ``SqlStore`` about people."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Engine

from services.store import keys, users
from services.store.engine import reading, write
from services.store.people import ApiKey, Role, SavedSearch, Session, User


class SqlPeople:
    """See ``People``. Each method is one transaction; threads may share an object."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _write[T](self, work: Callable[[Connection], T]) -> T:
        return write(self._engine, work)

    def add_user(self, user: User) -> bool:
        return self._write(lambda connection: users.add(connection, user))

    def user(self, name: str) -> User | None:
        with reading(self._engine) as connection:
            return users.find(connection, name)

    def users(self) -> list[User]:
        with reading(self._engine) as connection:
            return users.every(connection)

    def set_password(self, name: str, password: str, *, keep: str = "") -> bool:
        return self._write(lambda connection: users.set_password(connection, name, password, keep))

    def set_role(self, name: str, role: Role) -> bool:
        return self._write(lambda connection: users.set_role(connection, name, role))

    def set_disabled(self, name: str, *, disabled: bool) -> bool:
        return self._write(lambda connection: users.set_disabled(connection, name, disabled))

    def remove_user(self, name: str) -> bool:
        return self._write(lambda connection: users.remove(connection, name))

    def add_session(self, session: Session) -> None:
        self._write(lambda connection: users.add_session(connection, session))

    def session(self, digest: str) -> tuple[Session, User] | None:
        with reading(self._engine) as connection:
            return users.find_session(connection, digest)

    def move_session(self, digest: str, expires_at: datetime) -> None:
        self._write(lambda connection: users.move_session(connection, digest, expires_at))

    def end_session(self, digest: str) -> bool:
        return self._write(lambda connection: users.end_session(connection, digest))

    def add_key(self, key: ApiKey) -> bool:
        return self._write(lambda connection: keys.add(connection, key))

    def api_key(self, prefix: str) -> ApiKey | None:
        with reading(self._engine) as connection:
            return keys.find(connection, prefix)

    def api_keys(self, owner: str | None = None) -> list[ApiKey]:
        with reading(self._engine) as connection:
            return keys.of(connection, owner)

    def note_key_use(self, prefix: str, at: datetime) -> None:
        self._write(lambda connection: keys.note_use(connection, prefix, at))

    def revoke_key(self, prefix: str, at: datetime, owner: str | None = None) -> bool:
        return self._write(lambda connection: keys.revoke(connection, prefix, at, owner))

    def save_search(self, saved: SavedSearch) -> bool:
        return self._write(lambda connection: keys.save_search(connection, saved))

    def saved_searches(self, owner: str) -> list[SavedSearch]:
        with reading(self._engine) as connection:
            return keys.searches_of(connection, owner)

    def saved_search(self, owner: str, saved_id: str) -> SavedSearch | None:
        with reading(self._engine) as connection:
            return keys.find_search(connection, owner, saved_id)

    def remove_saved_search(self, owner: str, saved_id: str) -> bool:
        return self._write(lambda connection: keys.remove_search(connection, owner, saved_id))
