"""``Bus`` in one SQLite file: the log of the embedded mode, shared by several processes.

Rows are in ``sqlite_events``, groups in ``sqlite_groups``, who is alive in ``sqlite_members``,
and who gets what in ``ledger``.
"""

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Self

from services.bus import Event, Lag, Slice, Stored
from services.bus import sqlite_events as events_table
from services.bus import sqlite_groups as groups
from services.bus.events import from_micros, partition_of, to_micros
from services.bus.ledger import Ledger, Open, finish, give, share, take_back
from services.bus.sqlite_events import Row, place, to_row
from services.bus.sqlite_members import RENEW_SECONDS, is_live, is_recent, this_process
from services.errors import UserError
from services.sqlite import Connection, Database, Schema
from services.topics import TOPICS, Topic

SCHEMA = Schema("log", 0x42574C47, 1, (*events_table.TABLES, *groups.TABLES))


FORGET_AT_ONCE = 1_000
"""Offsets in one transaction, so that nobody who appends waits long."""


class Company(NamedTuple):
    """The other members, seen from one that polls."""

    dead: list[int]
    sharers: int
    """How many poll the same topic for the same group, this one counted."""
    seated: bool
    """Whether this one is among them already."""


class SqliteBus:
    """See ``Bus``. Event times come back in UTC, whatever zone they were given in."""

    def __init__(self, path: Path, *, only_read: bool = False) -> None:
        """Open or make the log; with ``only_read`` one that nobody writes, such as a backup's.

        Raises UserError when the file cannot be one, TryLater when it cannot be written now.
        """
        self._file = Database(path, SCHEMA, only_read=only_read)
        self._process = this_process()
        self._me: int | None = None
        self._seen = 0
        self._turn = self._process.pid
        self._closed = False
        self._streams = self._find_streams(make=not only_read)

    def publish(self, topic: str, events: Sequence[Event]) -> None:
        kind = _topic(topic)
        rows = [to_row(event, kind) for event in events]
        if not rows:
            return
        with self._file.writing() as connection:
            ends = groups.ends(connection, topic)
            placed = []
            for row in rows:
                stream = self._streams[topic, partition_of(row.key, kind.partitions)]
                placed.append((place(stream, ends[stream]), *row))
                ends[stream] += 1
            _append(connection, placed, ends)

    def poll(
        self, group: str, topic: str, *, most: int = 32, slices: int = 1, evenly: bool = False
    ) -> list[Slice]:
        _topic(topic)
        if most < 1 or slices < 1 or self._is_idle(group, topic, evenly=evenly):
            return []
        with self._file.writing() as connection:
            company = self._company(connection, group, topic)
            groups.leave(connection, company.dead)
            me = self._join(connection)
            groups.sit(connection, me, group, topic)
            streams = groups.load(connection, group, topic)
            gifts = share(
                [Open(stream.ledger, stream.end) for stream in streams],
                me=me,
                members=company.sharers,
                turn=self._turn,
                most=most,
                slices=slices,
                evenly=evenly,
            )
            ledgers: dict[int, Ledger] = {}
            for at, first, last in gifts:
                ledgers[at] = give(ledgers.get(at, streams[at].ledger), first, last, me)
            for at, ledger in ledgers.items():
                groups.save(connection, group, streams[at], ledger)
        self._joined(me)
        if gifts:
            self._turn = gifts[-1].place + 1
        return [Slice(topic, streams[at].partition, first, last) for at, first, last in gifts]

    def read(self, part: Slice) -> list[Stored]:
        start = place(self._stream(part), 0)
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT place, id, type, key, time, packed, data FROM events"
                " WHERE place BETWEEN ? AND ? ORDER BY place",
                (start + part.first, start + part.last),
            ).fetchall()
        return [Stored(part.partition, at - start, Row(*row).event()) for at, *row in rows]

    def commit(self, group: str, part: Slice) -> None:
        with self._file.writing() as connection:
            stream = self._load(connection, group, part)
            last = min(part.last, stream.end - 1)
            groups.save(connection, group, stream, finish(stream.ledger, part.first, last))
            self._renew(connection)

    def give_back(self, group: str, part: Slice) -> None:
        if not (me := self._member()):
            return
        with self._file.writing() as connection:
            stream = self._load(connection, group, part)
            ledger = take_back(stream.ledger, part.first, part.last, me)
            groups.save(connection, group, stream, ledger)
            self._renew(connection)

    def open_to(self, group: str, topic: str) -> set[int]:
        me = {self._member()}
        with self._file.reading() as connection:
            streams = groups.load(connection, group, topic)
        return {each.partition for each in streams if each.ledger.holders <= me}

    def offsets_for(self, topic: str, time: datetime) -> dict[int, int]:
        _topic(topic)
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT s.partition, coalesce(e.place - (s.id << :shift), s.next) FROM streams s"
                " LEFT JOIN (SELECT place >> :shift AS stream, min(place) AS place FROM events"
                "  WHERE time >= :time GROUP BY 1) e ON e.stream = s.id"
                " WHERE s.topic = :topic ORDER BY s.partition",
                {
                    "shift": events_table.SHIFT,
                    "time": to_micros(time),
                    "topic": topic,
                },
            )
            return dict(rows.fetchall())

    def lag(self, group: str, topic: str) -> list[Lag]:
        _topic(topic)
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT s.partition, coalesce(p.committed, 0), s.next, e.time FROM streams s"
                " LEFT JOIN positions p ON p.stream = s.id AND p.team = :group"
                " LEFT JOIN events e ON e.place = (s.id << :shift) + coalesce(p.committed, 0)"
                " WHERE s.topic = :topic ORDER BY s.partition",
                {"group": group, "shift": events_table.SHIFT, "topic": topic},
            ).fetchall()
        return [
            Lag(
                topic,
                partition,
                committed,
                end,
                None if oldest is None else from_micros(oldest),
            )
            for partition, committed, end, oldest in rows
        ]

    def put_back(self, topic: str, stored: Sequence[Stored]) -> None:
        kind = _topic(topic)
        if {each.partition for each in stored} - {
            at for name, at in self._streams if name == topic
        }:
            self._streams = self._find_streams((topic, each.partition) for each in stored)
        with self._file.writing() as connection:
            ends = groups.ends(connection, topic)
            rows = []
            for each in stored:
                stream = self._streams[topic, each.partition]
                if each.offset < ends[stream]:
                    raise UserError(f"{topic}/{each.partition}: the log has {each.offset} already")
                rows.append((place(stream, each.offset), *to_row(each.event, kind)))
                ends[stream] = each.offset + 1
            _append(connection, rows, ends)

    def move_to(self, group: str, topic: str, positions: Mapping[int, int]) -> None:
        with self._file.writing() as connection:
            groups.empty(connection, group, topic)
            for stream in groups.load(connection, group, topic):
                if stream.partition in positions:
                    now = Ledger(min(positions[stream.partition], stream.end))
                    groups.save(connection, group, stream, now)

    def forget(self, topic: str, before: Mapping[int, int]) -> int:
        gone = 0
        for partition, end in before.items():
            start = place(self._stream(Slice(topic, partition, 0, 0)), 0)
            while True:
                with self._file.writing() as connection:
                    found = groups.first_place(connection, start, start + end)
                    if found is None:
                        break
                    upto = min(found + FORGET_AT_ONCE, start + end)
                    gone += groups.drop(connection, found, upto)
        return gone

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            if me := self._member():
                with self._file.writing() as connection:
                    groups.leave(connection, [me])
        finally:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _find_streams(
        self, more: Iterable[tuple[str, int]] = (), *, make: bool = True
    ) -> dict[tuple[str, int], int]:
        """Number the partitions that the file does not know yet; answer all numbers."""
        usual = (
            (topic.name, each) for topic in TOPICS.values() for each in range(topic.partitions)
        )
        wanted = {*usual, *more} if make else set()
        with self._file.reading() as connection:
            found = groups.streams(connection)
        if not wanted <= found.keys():
            with self._file.writing() as connection:
                groups.add_streams(connection, sorted(wanted))
                found = groups.streams(connection)
        return found

    def _stream(self, part: Slice) -> int:
        try:
            return self._streams[part.topic, part.partition]
        except KeyError:
            raise ValueError(f"no partition {part.partition} of a topic {part.topic!r}") from None

    def _load(self, connection: Connection, group: str, part: Slice) -> groups.Stream:
        wanted = self._stream(part)
        found = groups.load(connection, group, part.topic)
        return next(stream for stream in found if stream.id == wanted)

    # Membership

    def _member(self) -> int:
        """This member's number; 0 before its first poll, and again in a forked child."""
        if self._process.pid != os.getpid():
            self._process, self._me = this_process(), None
        return self._me or 0

    def _join(self, connection: Connection) -> int:
        return groups.join(connection, self._member() or None, self._process, _now())

    def _joined(self, me: int) -> None:
        # Only once it is committed: a number that was rolled back may become another's.
        self._me, self._seen = me, _now()

    def _renew(self, connection: Connection) -> None:
        if self._member() and self._is_late():
            self._joined(self._join(connection))

    def _is_late(self) -> bool:
        return abs(_now() - self._seen) >= RENEW_SECONDS

    def _company(self, connection: Connection, group: str, topic: str) -> Company:
        me, now = self._member(), _now()
        roster = groups.roster(connection, group, topic)
        others = [each for each in roster if each.id != me]
        dead = [each.id for each in others if not is_live(each, self._process, now)]
        sharers = [
            each for each in others if each.seated and each.id not in dead and is_recent(each, now)
        ]
        return Company(
            dead, 1 + len(sharers), any(each.id == me and each.seated for each in roster)
        )

    def _is_idle(self, group: str, topic: str, *, evenly: bool) -> bool:
        """Whether a poll would change nothing, so that an idle member costs no disk sync."""
        if not self._member() or self._is_late():
            return False
        with self._file.reading() as connection:
            company = self._company(connection, group, topic)
            if company.dead or not company.seated:
                return False
            streams = groups.load(connection, group, topic)
        gifts = share(
            [Open(stream.ledger, stream.end) for stream in streams],
            me=self._member(),
            members=company.sharers,
            turn=self._turn,
            most=1,
            slices=1,
            evenly=evenly,
        )
        return not gifts


def _append(
    connection: Connection, placed: Sequence[tuple[Any, ...]], ends: dict[int, int]
) -> None:
    """Insert rows with their places; ``ends``: stream to the offset after its last."""
    connection.executemany(
        "INSERT INTO events (place, id, type, key, time, packed, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        placed,
    )
    connection.executemany(
        "UPDATE streams SET next = ? WHERE id = ?",
        [(end, stream) for stream, end in ends.items()],
    )


def _topic(name: str) -> Topic:
    try:
        return TOPICS[name]
    except KeyError:
        raise ValueError(f"no topic {name!r}; known: {', '.join(TOPICS)}") from None


def _now() -> int:
    return int(time.time())
