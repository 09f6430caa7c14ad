"""Users and their sessions."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from services.store import alert_topics, channels
from services.store.people import LastOperatorError, Role, Session, User
from services.store.rows import insert_new
from services.store.tables import api_keys, saved_searches, sessions, users


def add(connection: Connection, user: User) -> bool:
    return insert_new(connection, users, msgspec.structs.asdict(user))


def find(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users).where(users.c.name == name)).mappings().first()
    return User(**row) if row else None


def every(connection: Connection) -> list[User]:
    rows = connection.execute(select(users).order_by(users.c.name))
    return [User(**row) for row in rows.mappings()]


def set_password(connection: Connection, name: str, password: str, keep: str) -> bool:
    changed = _change(connection, name, password=password)
    theirs = delete(sessions).where(sessions.c.user == name, sessions.c.digest != keep)
    connection.execute(theirs)
    return changed


def set_role(connection: Connection, name: str, role: Role) -> bool:
    if role != "operator":
        _keep_an_operator(connection, name)
    return _change(connection, name, role=role)


def set_disabled(connection: Connection, name: str, disabled: bool) -> bool:
    if disabled:
        _keep_an_operator(connection, name)
        connection.execute(delete(sessions).where(sessions.c.user == name))
    channels.switch_of(connection, name, off=disabled)
    return _change(connection, name, disabled=disabled)


def remove(connection: Connection, name: str) -> bool:
    _keep_an_operator(connection, name)
    connection.execute(delete(sessions).where(sessions.c.user == name))
    alert_topics.remove_of(connection, name)
    channels.remove_of(connection, name)
    for table in (api_keys, saved_searches):
        connection.execute(delete(table).where(table.c.owner == name))
    return connection.execute(delete(users).where(users.c.name == name)).rowcount > 0


def add_session(connection: Connection, session: Session) -> None:
    connection.execute(delete(sessions).where(sessions.c.expires_at <= session.created_at))
    connection.execute(insert(sessions).values(**msgspec.structs.asdict(session)))


def find_session(connection: Connection, digest: str) -> tuple[Session, User] | None:
    row = connection.execute(select(sessions).where(sessions.c.digest == digest)).mappings().first()
    if row is None:
        return None
    session = Session(**row)
    user = find(connection, session.user)
    return (session, user) if user else None


def move_session(connection: Connection, digest: str, expires_at: datetime) -> None:
    connection.execute(
        update(sessions).where(sessions.c.digest == digest).values(expires_at=expires_at)
    )


def end_session(connection: Connection, digest: str) -> bool:
    return connection.execute(delete(sessions).where(sessions.c.digest == digest)).rowcount > 0


def _change(connection: Connection, name: str, **values: Any) -> bool:
    changed = connection.execute(update(users).where(users.c.name == name).values(**values))
    return changed.rowcount > 0


def _keep_an_operator(connection: Connection, name: str) -> None:
    """Raise LastOperatorError when this user is the only one left who may manage the others.

    The rows are locked in one order, so that of two operators who remove each other one stays.
    """
    left = connection.execute(
        select(users.c.name)
        .where(users.c.role == "operator", users.c.disabled.is_(False))
        .order_by(users.c.name)
        .with_for_update()
    )
    if left.scalars().all() == [name]:
        raise LastOperatorError(name)
