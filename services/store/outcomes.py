"""Outcomes: how each event ended in each stage, so that sums of them are what was discovered."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from services.store.port import Finished
from services.store.rows import upsert
from services.store.tables import outcomes


def put(connection: Connection, ends: Sequence[Finished]) -> None:
    names = outcomes.c.keys()
    upsert(connection, outcomes, [{name: getattr(each, name) for name in names} for each in ends])


def count(connection: Connection) -> dict[str, dict[str, int]]:
    rows = connection.execute(
        select(outcomes.c.stage, outcomes.c.outcome, func.count())
        .group_by(outcomes.c.stage, outcomes.c.outcome)
        .order_by(outcomes.c.stage, outcomes.c.outcome)
    )
    found: dict[str, dict[str, int]] = {}
    for stage, outcome, number in rows:
        found.setdefault(stage, {})[outcome] = number
    return found
