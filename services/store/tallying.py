"""Tallies in SQL: see ``Tallies``.

They are the last that a transaction writes, in the order of their keys, so that two that count the
same wait for each other only as long as it takes to commit, and never in a ring.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Executable, delete, func, select

from services.store.alert_tables import channels, messages
from services.store.crawl_tables import hosts, queue
from services.store.crawling import SKEW
from services.store.messages import may_be_sent
from services.store.port import Finished
from services.store.queue import MOST_PAUSE
from services.store.rows import insert_into, latest
from services.store.tables import Moment, sources
from services.store.tallies import KEPT, Part, Tally, Waits, within
from services.store.tally_tables import tallies
from services.version import VERSION

_MINUTES_KEPT = int(KEPT.total_seconds()) // 60


class Kind(NamedTuple):
    """What is counted together in a minute."""

    stage: str
    outcome: str
    within: int = 0


def count(connection: Connection, ended: Iterable[Kind], at: datetime) -> None:
    """Count what ended at a time; what is older than a day goes when a minute is new."""
    counts, minute = Counter(ended), _minute(at)
    rows = [
        {
            **kind._asdict(),
            "minute": minute,
            "version": VERSION,
            "events": number,
            "last": at,
        }
        for kind, number in sorted(counts.items())
    ]
    if not rows:
        return
    statement = insert_into(connection, tallies)
    given = statement.excluded
    changed = statement.on_conflict_do_update(
        index_elements=[column.name for column in tallies.primary_key],
        set_={
            "events": tallies.c.events + given["events"],
            "last": latest(connection, tallies.c["last"], given["last"]),
        },
    ).returning(tallies.c.stage, tallies.c.outcome, tallies.c.within, tallies.c.events)
    sums = {Kind(*kind): events for *kind, events in connection.execute(changed, rows)}
    if any(sums[kind] == number for kind, number in counts.items()):
        connection.execute(delete(tallies).where(tallies.c.minute < minute - _MINUTES_KEPT))


def count_finished(connection: Connection, ends: Sequence[Finished]) -> None:
    kinds = [
        Kind(end.stage, end.outcome, within(end.at - end.fetched) if end.fetched else 0)
        for end in ends
    ]
    count(connection, kinds, max(end.at for end in ends))


def summed(connection: Connection, since: datetime) -> list[Tally]:
    keys = [tallies.c[name] for name in ("stage", "outcome", "version", "within")]
    found = connection.execute(
        select(
            *keys,
            func.sum(tallies.c.events).label("events"),
            func.max(tallies.c["last"], type_=Moment).label("last"),
        )
        .where(tallies.c.minute >= _minute(since))
        .group_by(*keys)
        .order_by(*keys)
    )
    return [Tally(**{**row, "events": int(row["events"])}) for row in found.mappings()]


def waits(connection: Connection, now: datetime) -> dict[Part, Waits]:
    return {
        "crawl": _first(connection, _addresses(connection, now)),
        "deliver": _first(connection, _messages(now)),
    }


def _addresses(connection: Connection, now: datetime) -> Executable:
    # What was named anew is due some minutes before that, for crawlers whose clocks are behind.
    named = latest(connection, queue.c.due, queue.c.since)
    pausing = select(hosts.c.host).where(hosts.c.paused_until.between(now, now + MOST_PAUSE + SKEW))
    return select(func.count(), func.min(named, type_=Moment)).where(
        queue.c.due <= now,
        queue.c.host.not_in(pausing),
        queue.c.source.in_(select(sources.c.id).where(~sources.c.paused)),
    )


def _messages(now: datetime) -> Executable:
    return (
        select(func.count(), func.min(messages.c.due_at, type_=Moment))
        .select_from(messages)
        .join(channels, channels.c.id == messages.c.channel)
        .where(*may_be_sent(now))
    )


def _first(connection: Connection, asked: Executable) -> Waits:
    number, since = connection.execute(asked).one()
    return Waits(number, since)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60
