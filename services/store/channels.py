"""Channels: where an owner's messages go."""

from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, delete, select, update

from services.store import alert_topics, messages
from services.store.alert_tables import channels
from services.store.alerting import Channel
from services.store.rows import insert_new

OWNER_OUT = "its owner may not log in"


def add(connection: Connection, channel: Channel) -> bool:
    return insert_new(connection, channels, _row(channel))


def change(connection: Connection, channel: Channel) -> bool:
    same = channels.c.id == channel.id
    return connection.execute(update(channels).where(same).values(**_row(channel))).rowcount > 0


def remove(connection: Connection, channel_id: str) -> bool:
    channel = find(connection, channel_id)
    if channel is None:
        return False
    alert_topics.without_channel(connection, channel_id, channel.owner)
    messages.drop(connection, channel=channel_id)
    connection.execute(delete(channels).where(channels.c.id == channel_id))
    return True


def switch_of(connection: Connection, owner: str, *, off: bool) -> None:
    """Those of somebody who may no longer log in, or may again; what is off otherwise stays so."""
    before, after = ("", OWNER_OUT) if off else (OWNER_OUT, "")
    theirs = (channels.c.owner == owner, channels.c.disabled == before)
    connection.execute(update(channels).where(*theirs).values(disabled=after))


def remove_of(connection: Connection, owner: str) -> None:
    """All channels of somebody who is no more, whose topics are gone already."""
    connection.execute(delete(channels).where(channels.c.owner == owner))


def find(connection: Connection, channel_id: str) -> Channel | None:
    found = connection.execute(select(channels).where(channels.c.id == channel_id))
    row = found.mappings().first()
    return as_channel(row) if row else None


def every(connection: Connection, owner: str | None) -> list[Channel]:
    wanted = select(channels).order_by(channels.c.created_at, channels.c.id)
    if owner is not None:
        wanted = wanted.where(channels.c.owner == owner)
    return [as_channel(row) for row in connection.execute(wanted).mappings()]


def as_channel(row: RowMapping) -> Channel:
    """A row of the table."""
    return Channel(**{**row, "secrets": tuple(row["secrets"].split())})


def _row(channel: Channel) -> dict[str, Any]:
    return {**msgspec.structs.asdict(channel), "secrets": " ".join(channel.secrets)}
