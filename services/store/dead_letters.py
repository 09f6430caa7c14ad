"""Dead letters in SQL: see ``Letters``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select, update

from services.store.letter_tables import dead_letters, letters_read
from services.store.letters import Letter, LetterState, Wanted
from services.store.rows import insert_new, upsert
from services.topics import DEAD

AT_ONCE = 500
"""Ids in one statement: SQLite takes no more than 32,766 values in one."""


def read_upto(connection: Connection) -> int:
    found = connection.execute(
        select(letters_read.c.upto).where(letters_read.c.topic == DEAD.name)
    ).scalar_one_or_none()
    return found or 0


def note(connection: Connection, letters: Sequence[Letter], upto: int) -> None:
    for letter in letters:
        insert_new(connection, dead_letters, _row(_following(connection, letter)))
    if upto != read_upto(connection):
        upsert(connection, letters_read, [{"topic": DEAD.name, "upto": upto}])


def _following(connection: Connection, letter: Letter) -> Letter:
    """The letter with the one before it of the same event, if that was retried."""
    table = dead_letters.c
    before = connection.execute(
        select(table.id)
        .where(
            table.event_id == letter.event_id,
            table.stage == letter.stage,
            table.state.in_(("retrying", "retried")),
            table.at < letter.at,
            table.id != letter.id,
        )
        .order_by(table.at.desc())
        .limit(1)
    ).scalar_one_or_none()
    return msgspec.structs.replace(letter, after=before or "")


def find(connection: Connection, wanted: Wanted, limit: int, before: int | None) -> list[Letter]:
    statement = _where(select(dead_letters), wanted)
    if before is not None:
        statement = statement.where(dead_letters.c.at < before)
    rows = connection.execute(
        statement.order_by(dead_letters.c.at.desc(), dead_letters.c.id).limit(limit)
    )
    return [_letter(row) for row in rows.mappings()]


def count(connection: Connection) -> dict[tuple[str, str, LetterState], int]:
    table = dead_letters.c
    keys = (table.stage, table.error_class, table.state)
    rows = connection.execute(select(*keys, func.count()).group_by(*keys).order_by(*keys))
    return {(stage, name, state): number for stage, name, state, number in rows}


def mark(
    connection: Connection,
    ids: Collection[str],
    state: LetterState,
    *,
    now: datetime,
    by: str,
    note: str,
    ends: Mapping[int, int] | None,
    instead: Collection[LetterState],
    stale: datetime | None,
) -> list[Letter]:
    table = dead_letters.c
    changes: dict[str, Any] = {"state": state, "changed_at": now, "changed_by": by, "note": note}
    if ends is not None:
        changes["ends"] = msgspec.json.encode(ends).decode()
    changed: list[Letter] = []
    every = sorted(ids)
    for first in range(0, len(every), AT_ONCE):
        statement = update(dead_letters).where(
            table.id.in_(every[first : first + AT_ONCE]), table.state.in_(instead)
        )
        if stale is not None:
            statement = statement.where(table.changed_at < stale)
        rows = connection.execute(statement.values(**changes).returning(*table)).mappings()
        changed += map(_letter, rows)
    return sorted(changed, key=lambda letter: letter.at)


def _where(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    table = dead_letters.c
    if wanted.ids:
        statement = statement.where(table.id.in_(wanted.ids))
    if wanted.states:
        statement = statement.where(table.state.in_(wanted.states))
    for column, value in (
        (table.stage, wanted.stage),
        (table.error_class, wanted.error_class),
        (table.event_id, wanted.event_id),
    ):
        if value:
            statement = statement.where(column == value)
    return statement if wanted.since is None else statement.where(table.failed_at >= wanted.since)


def _row(letter: Letter) -> dict[str, Any]:
    return msgspec.structs.asdict(letter) | {"ends": msgspec.json.encode(letter.ends).decode()}


def _letter(row: Mapping[Any, Any]) -> Letter:
    ends = msgspec.json.decode(row["ends"] or "{}", type=dict[int, int])
    return Letter(**{**row, "ends": ends})
