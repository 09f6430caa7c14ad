"""Groups in the log's file: members, their seats, and each group's ledgers. No transaction here."""

from collections.abc import Iterable
from typing import NamedTuple

from services.bus.ledger import Ledger, Part
from services.bus.sqlite_members import Member, Process
from services.sqlite import Connection

TABLES = (
    """CREATE TABLE streams (
        id INTEGER PRIMARY KEY,
        topic TEXT NOT NULL,
        partition INTEGER NOT NULL,
        next INTEGER NOT NULL DEFAULT 0,
        UNIQUE (topic, partition)
    )""",
    """CREATE TABLE members (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        boot TEXT NOT NULL,
        space TEXT NOT NULL,
        pid INTEGER NOT NULL,
        started TEXT NOT NULL,
        seen INTEGER NOT NULL
    )""",
    """CREATE TABLE seats (
        member INTEGER NOT NULL,
        team TEXT NOT NULL,
        topic TEXT NOT NULL,
        PRIMARY KEY (member, team, topic)
    ) WITHOUT ROWID""",
    """CREATE TABLE positions (
        team TEXT NOT NULL,
        stream INTEGER NOT NULL,
        committed INTEGER NOT NULL,
        PRIMARY KEY (team, stream)
    ) WITHOUT ROWID""",
    """CREATE TABLE parts (
        team TEXT NOT NULL,
        stream INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        member INTEGER NOT NULL,
        PRIMARY KEY (team, stream, first)
    ) WITHOUT ROWID""",
    "CREATE INDEX parts_of_member ON parts (member)",
)


class Stream(NamedTuple):
    """One partition of a topic as a group sees it."""

    id: int
    partition: int
    end: int
    ledger: Ledger


def streams(connection: Connection) -> dict[tuple[str, int], int]:
    """Topic and partition to the number of the stream in this file."""
    rows = connection.execute("SELECT topic, partition, id FROM streams")
    return {(topic, partition): id for topic, partition, id in rows}


def add_streams(connection: Connection, wanted: Iterable[tuple[str, int]]) -> None:
    connection.executemany(
        "INSERT INTO streams (topic, partition) VALUES (?, ?) ON CONFLICT DO NOTHING", wanted
    )


def ends(connection: Connection, topic: str) -> dict[int, int]:
    """Stream to the offset that its next event gets."""
    return dict(connection.execute("SELECT id, next FROM streams WHERE topic = ?", (topic,)))


def first_place(connection: Connection, start: int, end: int) -> int | None:
    """The first place from ``start`` on, below ``end``, that holds an event."""
    query = "SELECT min(place) FROM events WHERE place >= ? AND place < ?"
    found: int | None = connection.execute(query, (start, end)).fetchone()[0]
    return found


def drop(connection: Connection, start: int, end: int) -> int:
    """Delete the events at these places; how many there were."""
    done = connection.execute("DELETE FROM events WHERE place >= ? AND place < ?", (start, end))
    return int(done.rowcount)


def load(connection: Connection, group: str, topic: str) -> list[Stream]:
    """A topic's partitions in order, with the group's ledger of each."""
    parts: dict[int, list[Part]] = {}
    for stream, *part in connection.execute(
        "SELECT stream, first, last, member FROM parts WHERE team = ? AND stream IN"
        " (SELECT id FROM streams WHERE topic = ?) ORDER BY stream, first",
        (group, topic),
    ):
        parts.setdefault(stream, []).append(Part(*part))
    return [
        Stream(id, partition, end, Ledger(committed, tuple(parts.get(id, ()))))
        for id, partition, end, committed in connection.execute(
            "SELECT s.id, s.partition, s.next, coalesce(p.committed, 0) FROM streams s"
            " LEFT JOIN positions p ON p.stream = s.id AND p.team = ?"
            " WHERE s.topic = ? ORDER BY s.partition",
            (group, topic),
        )
    ]


def save(connection: Connection, group: str, stream: Stream, now: Ledger) -> None:
    """Replace a stream's ledger; only what differs is written."""
    was = stream.ledger
    if now.committed != was.committed:
        connection.execute(
            "INSERT INTO positions (team, stream, committed) VALUES (?, ?, ?)"
            " ON CONFLICT (team, stream) DO UPDATE SET committed = excluded.committed",
            (group, stream.id, now.committed),
        )
    gone, new = set(was.parts) - set(now.parts), set(now.parts) - set(was.parts)
    connection.executemany(
        "DELETE FROM parts WHERE team = ? AND stream = ? AND first = ?",
        [(group, stream.id, part.first) for part in gone],
    )
    connection.executemany(
        "INSERT INTO parts (team, stream, first, last, member) VALUES (?, ?, ?, ?, ?)",
        [(group, stream.id, *part) for part in new],
    )


def roster(connection: Connection, group: str, topic: str) -> list[Member]:
    """All members of any group, with whether they sit in this one."""
    rows = connection.execute(
        "SELECT id, boot, space, pid, started, seen, seats.member IS NOT NULL FROM members"
        " LEFT JOIN seats ON seats.member = id AND team = ? AND topic = ?",
        (group, topic),
    )
    return [Member(id, Process(*process), seen, bool(sits)) for id, *process, seen, sits in rows]


def join(connection: Connection, me: int | None, process: Process, now: int) -> int:
    """Enter a member, or renew the lease of one; answers its number, which is never used again."""
    (number,) = connection.execute(
        "INSERT INTO members (id, boot, space, pid, started, seen) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET seen = excluded.seen RETURNING id",
        (me, *process, now),
    ).fetchone()
    return int(number)


def sit(connection: Connection, me: int, group: str, topic: str) -> None:
    connection.execute(
        "INSERT INTO seats (member, team, topic) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (me, group, topic),
    )


def empty(connection: Connection, group: str, topic: str) -> None:
    """Let nobody sit in a group any more."""
    connection.execute("DELETE FROM seats WHERE team = ? AND topic = ?", (group, topic))


def leave(connection: Connection, gone: Iterable[int]) -> None:
    """Remove members; what they had in hand is free again."""
    for member in gone:
        connection.execute("DELETE FROM parts WHERE member = ?", (member,))
        connection.execute("DELETE FROM seats WHERE member = ?", (member,))
        connection.execute("DELETE FROM members WHERE id = ?", (member,))
