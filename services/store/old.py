"""What is old, in SQL: see ``Keeping``."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from services.store import messages as sending
from services.store.alert_tables import alert_articles, alerts, message_alerts, messages
from services.store.chore_tables import chores
from services.store.keeping import Old
from services.store.letter_tables import dead_letters
from services.store.rows import insert_new
from services.store.tables import outcomes

AT_ONCE = 500
"""Rows in one statement: SQLite takes no more than 32,766 values in one."""
ENDED = ("sent", "failed", "dropped")
SETTLED = ("retried", "dropped")


class Kind(NamedTuple):
    """Where the rows of a kind are, how old each is, and which may go."""

    table: Table
    at: ColumnElement[datetime]
    may_go: ColumnElement[bool]
    with_them: tuple[tuple[Table, str, str], ...] = ()
    """Tables with rows that go too: their column, and the column of ``table`` that it names."""


_TO_BE_SENT = (
    select(message_alerts.c.alert)
    .join(messages, messages.c.id == message_alerts.c.message)
    .where(messages.c.state == "open", message_alerts.c.alert == alerts.c.id)
)
_KINDS: dict[Old, Kind] = {
    "outcomes": Kind(outcomes, outcomes.c.at, outcomes.c.outcome != ""),
    "messages": Kind(
        messages,
        func.coalesce(messages.c.sent_at, messages.c.last_at),
        and_(messages.c.closed, messages.c.state.in_(ENDED)),
        ((message_alerts, "message", "id"),),
    ),
    "letters": Kind(dead_letters, dead_letters.c.changed_at, dead_letters.c.state.in_(SETTLED)),
    "alerts": Kind(
        alerts,
        alerts.c.at,
        ~exists(_TO_BE_SENT),
        ((alert_articles, "alert", "id"), (message_alerts, "alert", "id")),
    ),
}


def count(connection: Connection, kind: Old, before: datetime) -> int:
    table, at, may_go, _ = _KINDS[kind]
    wanted = select(func.count()).select_from(table).where(at < before, may_go)
    found: int = connection.execute(wanted).scalar_one()
    return found


def drop(connection: Connection, kind: Old, before: datetime, most: int) -> int:
    table, at, may_go, with_them = _KINDS[kind]
    if kind in ("messages", "alerts"):
        sending.hold(connection)
    keys = list(table.primary_key.columns)
    # In whatever order they are found first: a look for the oldest would read all, each time.
    wanted = select(table).where(at < before, may_go).limit(min(most, AT_ONCE))
    rows = connection.execute(wanted).mappings().all()
    for other, column, named in with_them:
        theirs = other.c[column].in_([row[named] for row in rows])
        connection.execute(delete(other).where(theirs))
    if rows:
        ours = [tuple(row[key.name] for key in keys) for row in rows]
        connection.execute(delete(table).where(tuple_(*keys).in_(ours)))
    return len(rows)


def first_open_letter(connection: Connection) -> int | None:
    wanted = select(func.min(dead_letters.c.at)).where(dead_letters.c.state.not_in(SETTLED))
    found: int | None = connection.execute(wanted).scalar_one()
    return found


def begin(
    connection: Connection, name: str, now: datetime, every: timedelta, within: timedelta
) -> bool:
    if insert_new(connection, chores, {"name": name, "begun_at": now}):
        return False
    begun = chores.c.begun_at
    mine = update(chores).where(chores.c.name == name).values(begun_at=now)
    due = begun.between(now - within, now - every)
    if connection.execute(mine.where(due)).rowcount:
        return True
    odd = or_(begun < now - within, begun > now + every)
    connection.execute(mine.where(odd))
    return False
