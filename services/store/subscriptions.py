"""Subscriptions to hubs."""

import msgspec
from sqlalchemy import ColumnElement, Connection, delete, select

from services.store.intake import Subscription
from services.store.intake_tables import subscriptions
from services.store.rows import upsert


def every(connection: Connection, *where: ColumnElement[bool]) -> list[Subscription]:
    rows = connection.execute(select(subscriptions).where(*where).order_by(subscriptions.c.source))
    return [Subscription(**row) for row in rows.mappings()]


def find(connection: Connection, token: str) -> Subscription | None:
    return next(iter(every(connection, subscriptions.c.token == token)), None)


def put(connection: Connection, subscription: Subscription) -> None:
    upsert(connection, subscriptions, [msgspec.structs.asdict(subscription)])


def remove(connection: Connection, source: str) -> bool:
    gone = connection.execute(delete(subscriptions).where(subscriptions.c.source == source))
    return gone.rowcount > 0
